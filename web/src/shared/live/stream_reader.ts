import { getHealth, urls } from "../api/client";
import type { StreamMessage } from "../api/types";
import { jitter } from "./jitter";

/** live: the stream is read; polling: it is blocked, the API answers; offline: nobody answers. */
export type Mode = "connecting" | "live" | "polling" | "offline";

export interface ReaderListener {
  /** `resumed`: the stream goes on after the last id, nothing is missed. */
  opened(resumed: boolean): void;
  told(id: string, message: StreamMessage): void;
  reset(): void;
  mode(mode: Mode): void;
}

const silenceMs = 40_000; // the server speaks every 15 s
const firstMs = 20_000;
const openMs = 10_000;
const probeMs = 5_000;

/** Reads the event stream and comes back to it, by id, whenever it breaks. */
export class StreamReader {
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private closed = false;

  constructor(private lastId: string | null, private listener: ReaderListener) {}

  open(): void {
    this.clear();
    const resumed = this.lastId !== null;
    const source = new EventSource(urls.events(this.lastId));
    this.source = source;
    this.expect(openMs);
    source.onopen = () => {
      this.listener.opened(resumed);
      this.listener.mode(this.attempt === 0 ? "live" : "polling");
      this.expect(firstMs); // a proxy may open a stream and hold back what it says
    };
    source.onmessage = (event: MessageEvent<string>) => {
      this.heard();
      this.lastId = event.lastEventId || this.lastId;
      if (this.lastId !== null) this.listener.told(this.lastId, JSON.parse(event.data) as StreamMessage);
    };
    source.addEventListener("keepalive", () => this.heard());
    source.addEventListener("reset", () => {
      this.lastId = null;
      this.listener.reset();
      this.open();
    });
    source.onerror = () => void this.lost();
  }

  close(): void {
    this.closed = true;
    this.clear();
  }

  wake(): void {
    if (this.source === null && !this.closed) this.open();
  }

  private heard(): void {
    this.attempt = 0;
    this.listener.mode("live");
    this.expect(silenceMs);
  }

  private clear(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private expect(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.attempt = Math.max(this.attempt, 1); // silence: not live until something is heard
      void this.lost();
    }, ms);
  }

  /** Never by the browser's own timer: it has no jitter and gives up on an error answer. */
  private async lost(): Promise<void> {
    this.clear();
    const pause = jitter(this.attempt++);
    this.timer = setTimeout(() => this.open(), pause);
    const answers = await probe();
    if (this.closed || this.source !== null) return;
    if (!answers) this.listener.mode("offline");
    else if (this.attempt > 1) this.listener.mode("polling");
  }
}

async function probe(): Promise<boolean> {
  try {
    await getHealth(AbortSignal.timeout(probeMs));
    return true;
  } catch {
    return false;
  }
}
