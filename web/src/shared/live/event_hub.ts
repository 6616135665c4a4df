import type { StreamMessage } from "../api/types";
import type { Told } from "./fold";
import { StreamReader, type Mode } from "./stream_reader";

export type { Mode } from "./stream_reader";

/** What tabs tell one another. */
type Wire =
  | { kind: "hello" }
  | { kind: "mode"; mode: Mode; lastId: string | null }
  | { kind: "told"; seq: number; message: StreamMessage }
  | { kind: "reset" };

export interface HubListener {
  told(told: Told): void;
  /** What was loaded so far may lack something: load it again. */
  stale(): void;
  mode(mode: Mode): void;
}

const quietMs = 75_000; // the reading tab says something at least every 45 s
const helloMs = 10_000;

/**
 * One event stream for all tabs of a browser. The tab that holds the lock reads
 * it and tells the others; when it closes, the next one goes on from the last
 * id it heard; when it hangs, one of the others takes the lock from it. Without
 * locks (plain HTTP from another machine) each tab reads.
 */
export class EventHub {
  mode: Mode = "connecting";
  leading = false;
  private lastId: string | null = null;
  private channel = new BroadcastChannel("vigie-events");
  private over = new AbortController();
  private reader: StreamReader | null = null;

  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private queued = false;

  constructor(private listener: HubListener) {}

  start(): void {
    this.channel.onmessage = ({ data }: MessageEvent<Wire>) => this.heard(data);
    this.say({ kind: "hello" });
    this.queue(false);
    this.watch(helloMs);
  }

  private queue(steal: boolean): void {
    const locks = navigator.locks as LockManager | undefined;
    if (!locks) return this.lead();
    this.queued ||= !steal;
    locks
      .request("vigie-events", steal ? { steal } : { signal: this.over.signal }, () => {
        this.queued &&= steal;
        this.lead();
        return new Promise<void>((done) => this.over.signal.addEventListener("abort", () => done()));
      })
      .catch(() => this.follow());
  }

  /** Another tab took the lock: this one hung. It may have missed something. */
  private follow(): void {
    if (this.over.signal.aborted) return;
    this.reader?.close();
    this.reader = null;
    this.leading = false;
    this.listener.stale();
    if (!this.queued) this.queue(false);
    this.watch(quietMs);
  }

  private watch(ms: number): void {
    clearTimeout(this.watchdog);
    if (!this.leading && !this.over.signal.aborted) this.watchdog = setTimeout(() => this.queue(true), ms);
  }

  stop(): void {
    this.over.abort();
    clearTimeout(this.watchdog);
    this.reader?.close();
    this.channel.close();
  }

  /** Tries now instead of at the end of the pause. */
  wake(): void {
    this.reader?.wake();
  }

  private lead(): void {
    if (this.leading) return;
    this.leading = true;
    clearTimeout(this.watchdog);
    this.reader = new StreamReader(this.lastId, {
      opened: (resumed) => {
        if (!resumed) this.forget();
      },
      told: (id, message) => {
        const told = { seq: Number(id), message };
        this.lastId = id;
        this.say({ kind: "told", ...told });
        this.listener.told(told);
      },
      reset: () => this.forget(),
      mode: (mode) => {
        this.take(mode);
        this.sayMode();
      },
    });
    this.reader.open();
  }

  private forget(): void {
    this.say({ kind: "reset" });
    this.listener.stale();
  }

  private heard(wire: Wire): void {
    if (wire.kind !== "hello") this.watch(quietMs);
    if (wire.kind === "hello") {
      if (this.leading) this.sayMode();
    } else if (this.leading) {
      return; // only without locks: every tab leads
    } else if (wire.kind === "mode") {
      const first = this.mode === "connecting";
      this.lastId = wire.lastId ?? this.lastId;
      this.take(wire.mode);
      if (first && wire.mode === "live") this.listener.stale();
    } else if (wire.kind === "told") {
      this.lastId = String(wire.seq);
      this.listener.told({ seq: wire.seq, message: wire.message });
    } else {
      this.listener.stale();
    }
  }

  private take(mode: Mode): void {
    if (mode === this.mode) return;
    this.mode = mode;
    this.listener.mode(mode);
  }

  private say(wire: Wire): void {
    this.channel.postMessage(wire);
  }

  private sayMode(): void {
    this.say({ kind: "mode", mode: this.mode, lastId: this.lastId });
  }
}
