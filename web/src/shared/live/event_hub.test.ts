/* eslint max-lines: [error, 260] -- the fake browser (stream, channel, locks) and what is played on it */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Told } from "./fold";
import { EventHub, type Mode } from "./event_hub";

/** An event source that the test speaks for. */
class FakeSource extends EventTarget {
  static all: FakeSource[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: MessageEvent<string>) => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  close() {
    this.closed = true;
  }
  says(id: number) {
    this.onmessage?.(new MessageEvent("message", { lastEventId: String(id), data: JSON.stringify({ batchId: "b" }) }));
  }
  static get last(): FakeSource {
    const source = FakeSource.all.at(-1);
    if (!source) throw new Error("no source");
    return source;
  }
}

/** Tabs of one browser: a channel that delivers at once, and a lock. */
const channels = new Set<FakeChannel>();
class FakeChannel {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    channels.add(this);
  }
  postMessage(data: unknown) {
    for (const other of channels) if (other !== this) other.onmessage?.({ data: structuredClone(data) });
  }
  close() {
    channels.delete(this);
  }
}
interface Holder { work(): Promise<void>; lost(reason: unknown): void; done(): void; signal?: AbortSignal }
let holder: Holder | null = null;
let queue: Holder[] = [];
function grant() {
  while (!holder && queue.length > 0) {
    const next = queue.shift();
    if (!next || next.signal?.aborted) continue;
    holder = next;
    void next.work().then(() => {
      if (holder === next) holder = null;
      next.done();
      grant();
    });
  }
}
const locks = {
  request(_: string, { signal, steal }: { signal?: AbortSignal; steal?: boolean }, work: () => Promise<void>) {
    return new Promise<void>((done, lost) => {
      const asks: Holder = { work, lost, done, ...(signal ? { signal } : {}) };
      if (steal) {
        holder?.lost(new DOMException("stolen", "AbortError"));
        holder = null;
        queue.unshift(asks);
      } else queue.push(asks);
      grant();
    });
  },
};

class Tab {
  told: number[] = [];
  modes: Mode[] = [];
  stale = 0;
  hub = new EventHub({
    told: (one: Told) => this.told.push(one.seq),
    stale: () => ++this.stale,
    mode: (mode) => this.modes.push(mode),
  });
  constructor() {
    this.hub.start();
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0);
let healthy = true;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.all = [];
  channels.clear();
  queue = [];
  holder = null;
  healthy = true;
  vi.stubGlobal("EventSource", FakeSource);
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { locks }));
  vi.stubGlobal("fetch", async () => {
    if (!healthy) throw new TypeError("no network");
    return new Response("{}");
  });
  return () => vi.unstubAllGlobals();
});
afterEach(() => vi.useRealTimers());

describe("EventHub", () => {
  it("reads one stream for two tabs, and both hear it", async () => {
    const [one, two] = [new Tab(), new Tab()];
    await settle();
    FakeSource.last.onopen?.();
    FakeSource.last.says(7);
    expect(FakeSource.all).toHaveLength(1);
    expect([one.told, two.told]).toEqual([[7], [7]]);
    expect(two.modes).toEqual(["live"]);
  });

  it("hands over from the last id when the reading tab closes", async () => {
    const one = new Tab();
    await settle();
    const two = new Tab();
    FakeSource.last.onopen?.();
    FakeSource.last.says(7);
    one.hub.stop();
    await settle();
    expect(FakeSource.all).toHaveLength(2);
    expect(FakeSource.last.url).toContain("last_event_id=7");
    FakeSource.last.onopen?.();
    FakeSource.last.says(8);
    expect(two.told).toEqual([7, 8]);
  });

  it("has everything loaded again when it cannot know what it missed, and only then", async () => {
    const tab = new Tab();
    await settle();
    FakeSource.last.onopen?.(); // no id yet
    expect(tab.stale).toBe(1);
    FakeSource.last.says(7);
    FakeSource.last.onerror?.();
    await vi.advanceTimersByTimeAsync(31_000);
    expect(FakeSource.last.url).toContain("last_event_id=7");
    FakeSource.last.onopen?.(); // replayed by id
    expect(tab.stale).toBe(1);
    FakeSource.last.dispatchEvent(new Event("reset"));
    expect(tab.stale).toBe(2);
    expect(FakeSource.last.url).not.toContain("last_event_id");
  });

  it("says polling when the API answers and the stream does not, offline when nothing does", async () => {
    const tab = new Tab();
    await settle();
    FakeSource.last.onerror?.();
    await vi.advanceTimersByTimeAsync(2_000);
    FakeSource.last.onerror?.();
    await settle();
    expect(tab.modes.at(-1)).toBe("polling");
    healthy = false;
    await vi.advanceTimersByTimeAsync(4_000);
    FakeSource.last.onerror?.();
    await settle();
    expect(tab.modes.at(-1)).toBe("offline");
    await vi.advanceTimersByTimeAsync(30_000);
    FakeSource.last.onopen?.();
    FakeSource.last.dispatchEvent(new Event("keepalive"));
    expect(tab.modes.at(-1)).toBe("live");
  });

  it("does not call a stream live that opens and says nothing", async () => {
    const tab = new Tab();
    await settle();
    FakeSource.last.onopen?.();
    await vi.advanceTimersByTimeAsync(21_000);
    expect(tab.modes.at(-1)).toBe("polling");
    await vi.advanceTimersByTimeAsync(5_000);
    FakeSource.last.onopen?.();
    expect(tab.modes.at(-1)).toBe("polling");
    FakeSource.last.says(3);
    expect(tab.modes.at(-1)).toBe("live");
  });

  it("takes over from a tab that hangs, and gives nothing up when it comes back", async () => {
    const one = new Tab();
    await settle();
    const two = new Tab();
    FakeSource.last.onopen?.();
    FakeSource.last.says(7);
    const hung = FakeSource.last;
    // One says no more; its timers stand still too, which a test cannot show: its source is just mute.
    for (let i = 0; i < 4; ++i) {
      await vi.advanceTimersByTimeAsync(15_000);
      hung.dispatchEvent(new Event("keepalive")); // alive: nobody takes anything
    }
    expect(FakeSource.all).toHaveLength(1);
    one.hub["channel"].postMessage = () => undefined;
    for (let i = 0; i < 5; ++i) {
      await vi.advanceTimersByTimeAsync(15_000);
      hung.dispatchEvent(new Event("keepalive"));
    }
    expect(FakeSource.all).toHaveLength(2);
    expect(FakeSource.last.url).toContain("last_event_id=7");
    expect(hung.closed).toBe(true);
    FakeSource.last.onopen?.();
    FakeSource.last.says(8);
    expect(two.told).toEqual([7, 8]);
    expect(one.told).toEqual([7, 8]);
    expect(one.stale).toBe(2); // at its start, and after it hung
  });

  it("notices a stream that went silent", async () => {
    const tab = new Tab();
    await settle();
    FakeSource.last.onopen?.();
    const first = FakeSource.last;
    await vi.advanceTimersByTimeAsync(15_000);
    first.dispatchEvent(new Event("keepalive"));
    await vi.advanceTimersByTimeAsync(39_000);
    expect(first.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(first.closed).toBe(true);
    tab.hub.stop();
  });
});
