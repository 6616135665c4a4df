import type { Told } from "./fold";

const none: readonly Told[] = [];
const limit = 2000;

/** What was told of each batch since this page listens. One for the page. */
export class BatchLogs {
  private logs = new Map<string, readonly Told[]>();
  private listeners = new Map<string, Set<() => void>>();

  of(batch: string): readonly Told[] {
    return this.logs.get(batch) ?? none;
  }

  add(told: Told): void {
    const batch = told.message.batchId;
    const log = this.of(batch);
    if (log.some((known) => known.seq === told.seq)) return;
    this.set(batch, [...log.slice(1 - limit), told]);
  }

  /** Forgets what a snapshot with this cursor already holds. */
  covered(batch: string, cursor: number): void {
    const log = this.of(batch);
    const rest = log.filter((told) => told.seq > cursor);
    if (rest.length < log.length) this.set(batch, rest);
  }

  clear(): void {
    for (const batch of [...this.logs.keys()]) this.set(batch, none);
  }

  subscribe(batch: string, listener: () => void): () => void {
    const all = this.listeners.get(batch) ?? new Set();
    all.add(listener);
    this.listeners.set(batch, all);
    return () => {
      all.delete(listener);
      if (all.size === 0) this.listeners.delete(batch);
    };
  }

  private set(batch: string, log: readonly Told[]): void {
    if (log.length === 0) this.logs.delete(batch);
    else this.logs.set(batch, log);
    for (const listener of this.listeners.get(batch) ?? []) listener();
  }
}
