/* eslint max-lines: [error, 300] -- the one state machine of a batch on its way; splitting it would hide it */
import { getBatch, Refused, Unreachable } from "../api/client";
import type { Snapshot } from "../api/types";
import { jitter } from "../live/jitter";
import { type Entry, type EntryState, newBatchId, unsent } from "./entry";
import type { OutboxStore } from "./outbox_db";
import { postBatch } from "./post_batch";

// 401: signing in again mends it; the files wait for that.
const passing = new Set([401, 408, 425, 429, 500, 502, 503, 504, 507]);

export interface Transport {
  post: typeof postBatch;
  find(id: string): Promise<Snapshot>;
}

/** Batches on their way: kept first, then sent one after the other, in order. */
export class Outbox {
  private entries: readonly Entry[] = [];
  private listeners = new Set<() => void>();
  private loose = new Map<string, readonly Blob[]>();
  private waits = new Map<string, { resolve(s: Snapshot): void; reject(e: unknown): void }>();
  private current: { id: string; abort: AbortController } | null = null;
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private channel = new BroadcastChannel("vigie-outbox");
  private running = false;
  private again = false;
  private lastOrder = 0;

  constructor(private db: OutboxStore,
              private transport: Transport = { post: postBatch, find: (id) => getBatch(id) }) {
    this.channel.onmessage = () => void this.load();
  }

  async start(): Promise<void> {
    await this.load();
    await this.confirmSent();
    void this.run();
  }

  list = (): readonly Entry[] => this.entries;
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Keeps the files, then sends them. Resolves on the 202, which is the end of the upload. */
  async submit(files: readonly File[]): Promise<Snapshot> {
    const entry: Entry = {
      id: newBatchId(), order: (this.lastOrder = Math.max(Date.now(), this.lastOrder + 1)), state: "queued", sent: 0,
      files: files.map(({ name, type, size }) => ({ name, type, size })),
      bytes: files.reduce((sum, file) => sum + file.size, 0),
      problem: null, retryAt: null, kept: true,
    };
    try {
      await this.db.add(entry, files);
    } catch {
      entry.kept = false; // full, closed or broken: the page says that it must stay open
      this.loose.set(entry.id, files);
    }
    const answered = new Promise<Snapshot>((resolve, reject) => this.waits.set(entry.id, { resolve, reject }));
    answered.catch(() => undefined); // the entry shows it; the caller may look away
    this.put([...this.entries, entry].sort((a, b) => a.order - b.order));
    void this.run();
    return answered;
  }

  pause(id: string): void {
    if (this.find(id, unsent)) void this.change(id, { state: "paused", sent: 0, retryAt: null });
    if (this.current?.id === id) this.current.abort.abort();
  }

  resume(id: string): void {
    void this.change(id, { state: "queued", problem: null, retryAt: null }).then(() => this.retryNow());
  }

  /** "Réessayer tout" and "Synchroniser". */
  async retryAll(): Promise<void> {
    for (const entry of this.entries)
      if (["paused", "refused", "waiting"].includes(entry.state))
        await this.change(entry.id, { state: "queued", problem: null, retryAt: null });
    this.retryNow();
  }

  async remove(id: string): Promise<void> {
    if (this.current?.id === id) this.current.abort.abort();
    this.settle(id, new DOMException("removed", "AbortError"));
    this.loose.delete(id);
    this.put(this.entries.filter((entry) => entry.id !== id));
    await this.db.remove(id);
    this.channel.postMessage("changed");
  }

  /** Sends again without one file, under a new id: the refused one stays out. */
  async sendWithout(id: string, place: number): Promise<void> {
    const entry = this.find(id);
    if (!entry) return;
    const blobs = await this.bytesOf(entry);
    const rest = entry.files.flatMap((file, index) => {
      const blob = blobs[index];
      return index === place || !blob ? [] : [new File([blob], file.name, { type: file.type })];
    });
    if (rest.length > 0) void this.submit(rest).catch(() => undefined);
    await this.remove(id);
  }

  /** `ingestion:received` was seen, whatever the POST answered. */
  received(id: string): void {
    const entry = this.find(id, (e) => e.state !== "transmitted");
    if (!entry) return;
    void this.change(id, { state: "transmitted", sent: entry.bytes, problem: null, retryAt: null });
    if (this.current?.id === id) return; // the 202 is on its way and does the rest
    void this.db.dropFiles(id);
    this.loose.delete(id);
  }

  async clearDone(): Promise<void> {
    for (const entry of this.entries) if (!unsent(entry)) await this.remove(entry.id);
  }

  /** The network is back: the pauses were for nothing. */
  retryNow = (): void => {
    const waiting = this.entries.filter((entry) => entry.state === "waiting");
    void Promise.all(waiting.map(({ id }) => this.change(id, { retryAt: null }))).then(this.due);
  };

  private due = (): void => {
    clearTimeout(this.timer);
    void this.run();
  };

  private async run(): Promise<void> {
    if (this.running) {
      this.again = true; // came in between
      return;
    }
    this.running = true;
    this.again = false;
    const locks = navigator.locks as LockManager | undefined;
    const work = () => this.drain();
    try {
      await (locks ? locks.request("vigie-outbox", work) : work());
    } catch {
      this.later(); // the browser's store failed: the next try may find it mended
    } finally {
      this.running = false;
    }
    if (this.again) void this.run();
  }

  private async drain(): Promise<void> {
    await this.load(true);
    for (;;) {
      const entry = this.next("queued", "waiting");
      if (!entry) return;
      if ((entry.retryAt ?? 0) > Date.now()) return this.later();
      if (!(await this.send(entry))) return this.later();
      this.attempts = 0;
    }
  }

  /** false: nobody answers, or too busy; the order is kept, so the rest waits too. */
  private async send(entry: Entry): Promise<boolean> {
    const abort = new AbortController();
    this.current = { id: entry.id, abort };
    try {
      const snapshot = await this.deliver(entry, abort.signal);
      if (this.find(entry.id)?.state !== "transmitted")
        await this.change(entry.id, { state: "sent", sent: entry.bytes, problem: null, retryAt: null });
      await this.db.dropFiles(entry.id);
      this.loose.delete(entry.id);
      this.settle(entry.id, snapshot);
      if (has(snapshot)) this.received(entry.id);
      return true;
    } catch (error) {
      return await this.failed(entry, error, abort.signal);
    } finally {
      this.current = null;
    }
  }

  private async deliver(entry: Entry, signal: AbortSignal): Promise<Snapshot> {
    if (entry.state === "waiting") {
      // The last answer may have been lost after the server had everything.
      const there = await this.transport.find(entry.id).catch((error: unknown) => {
        if (error instanceof Refused && error.problem.status === 404) return null;
        throw error;
      });
      signal.throwIfAborted();
      if (there && there.status !== "failed" && there.status !== "cancelled") return there;
    }
    const blobs = await this.bytesOf(entry);
    signal.throwIfAborted();
    await this.change(entry.id, { state: "sending", sent: 0, retryAt: null });
    return this.transport.post({
      id: entry.id,
      files: entry.files.flatMap(({ name }, index) => {
        const blob = blobs[index];
        return blob ? [{ name, blob }] : [];
      }),
      signal,
      progress: (sent, total) => this.show(entry.id, { sent: Math.round((sent / total) * entry.bytes) }),
    });
  }

  private async failed(entry: Entry, error: unknown, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return true; // paused or removed: said already
    if (this.find(entry.id)?.state === "transmitted") {
      await this.db.dropFiles(entry.id); // only the answer was lost
      this.settle(entry.id, await this.transport.find(entry.id).catch((e: unknown) => e as Error));
      return true;
    }
    if (error instanceof Unreachable || (error instanceof Refused && passing.has(error.problem.status))) {
      const told = error instanceof Refused ? error : null;
      const pause = told?.retryAfter ? told.retryAfter * 1000 : jitter(this.attempts++);
      await this.change(entry.id, {
        state: "waiting", sent: 0, retryAt: Date.now() + pause, problem: told?.problem ?? null,
      });
      return false;
    }
    const problem = error instanceof Refused ? error.problem : { status: 0, detail: String(error) };
    await this.change(entry.id, { state: "refused", sent: 0, problem });
    this.settle(entry.id, error);
    return true;
  }

  private later(): void {
    const at = this.next("waiting")?.retryAt ?? Date.now() + 5000;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.due, Math.max(250, at - Date.now()));
  }

  /** What was sent may have been received while nobody listened: asks for the snapshot. */
  async confirmSent(): Promise<void> {
    for (const entry of this.entries.filter((e) => e.state === "sent"))
      await this.transport.find(entry.id).then(
        (snapshot) => has(snapshot) && this.received(entry.id), () => undefined);
  }

  /** The bytes of a batch that has not left; empty once the server has them. */
  bytesOf(entry: Entry): Promise<readonly Blob[]> {
    const loose = this.loose.get(entry.id);
    return loose ? Promise.resolve(loose) : this.db.files(entry.id);
  }

  private settle(id: string, end: unknown): void {
    const wait = this.waits.get(id);
    this.waits.delete(id);
    if (end instanceof Error || end instanceof DOMException) wait?.reject(end);
    else wait?.resolve(end as Snapshot);
  }

  private next(...states: EntryState[]): Entry | undefined {
    return this.entries.find((entry) => states.includes(entry.state));
  }

  private find(id: string, that: (entry: Entry) => boolean = () => true): Entry | undefined {
    return this.entries.find((entry) => entry.id === id && that(entry));
  }

  private async change(id: string, to: Partial<Entry>): Promise<void> {
    this.show(id, to);
    const entry = this.find(id);
    if (!entry?.kept) return;
    await this.db.save(entry).catch(() => undefined); // what is shown still holds
    this.channel.postMessage("changed");
  }

  private show(id: string, to: Partial<Entry>): void {
    this.put(this.entries.map((entry) => (entry.id === id ? { ...entry, ...to } : entry)));
  }

  /** `mine`: this tab sends now, so what another one was sending stopped with it. */
  private async load(mine = false): Promise<void> {
    const kept = (await this.db.all()).map((entry): Entry => {
      const here = this.current?.id === entry.id ? this.find(entry.id) : undefined;
      if (here && entry.state === "paused") this.current?.abort.abort(); // in another tab
      else if (here) return here;
      return mine && entry.state === "sending" ? { ...entry, state: "waiting", sent: 0 } : entry;
    });
    const sending = this.current && this.find(this.current.id);
    if (sending?.kept && !kept.some((entry) => entry.id === sending.id))
      this.current?.abort.abort(); // cancelled in another tab
    const loose = this.entries.filter((entry) => !entry.kept);
    this.put([...kept, ...loose].sort((a, b) => a.order - b.order));
  }

  private put(entries: readonly Entry[]): void {
    this.entries = entries;
    for (const listener of this.listeners) listener();
  }
}

const has = (snapshot: Snapshot): boolean =>
  (snapshot.timeline ?? []).some((event) => event.code === "ingestion:received");
