/* eslint max-lines: [error, 260] -- one fixture, one way of failing after another */
// @vitest-environment node
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Refused, Unreachable } from "../api/client";
import { event, snapshot } from "../test_data";
import { blamed, type Entry, type EntryState } from "./entry";
import { Outbox, type Transport } from "./outbox";
import { noStore, OutboxDb, StorageFull } from "./outbox_db";

const received = (id: string) => snapshot(1, [event(1, "ingestion:received", 5)], { batch_id: id });
const file = (name: string, text = name) => new File([text], name, { type: "text/plain" });
const missing = () => new Refused({ status: 404, detail: "Batch not found" });

let db: OutboxDb;
let n = 0;
const started: Outbox[] = [];

function outbox(transport: Partial<Transport>): Outbox {
  const made = new Outbox(db, {
    post: async ({ id }) => snapshot(1, [], { batch_id: id }),
    find: async () => { throw missing(); },
    ...transport,
  });
  started.push(made);
  return made;
}

const states = (box: Outbox): EntryState[] => box.list().map((entry) => entry.state);

beforeEach(async () => {
  vi.stubGlobal("navigator", {}); // no locks: each outbox is a browser of its own
  db = await OutboxDb.open(`test-${++n}`);
});

describe("Outbox", () => {
  it("resolves on the 202 and is transmitted only by the event", async () => {
    const box = outbox({});
    const view = await box.submit([file("a.txt")]);
    expect(states(box)).toEqual(["sent"]);
    box.received(view.batch_id);
    expect(states(box)).toEqual(["transmitted"]);
  });

  it("is transmitted by the event whatever the POST answers", async () => {
    let box: Outbox | null = null;
    const sent: string[] = [];
    box = outbox({
      post: async ({ id }) => {
        sent.push(id);
        box?.received(id);
        throw new Unreachable("the answer was lost");
      },
      find: async (id) => received(id),
    });
    const view = await box.submit([file("a.txt")]);
    expect(view.batch_id).toBe(sent[0]);
    expect(states(box)).toEqual(["transmitted"]);
    expect(sent).toHaveLength(1);
  });

  it("keeps the order and the id through lost networks, and asks before it sends twice", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const posts: string[] = [];
    let network = false;
    const box = outbox({
      post: async ({ id, files }) => {
        if (!network) throw new Unreachable("offline");
        posts.push(files[0]?.name ?? "");
        return received(id);
      },
    });
    const first = box.submit([file("1.txt")]);
    const second = box.submit([file("2.txt")]);
    await vi.waitFor(() => expect(states(box)).toEqual(["waiting", "queued"]));
    const ids = box.list().map((entry) => entry.id);
    network = true;
    box.retryNow();
    expect((await first).batch_id).toBe(ids[0]);
    expect((await second).batch_id).toBe(ids[1]);
    expect(posts).toEqual(["1.txt", "2.txt"]);
    vi.useRealTimers();
  });

  it("does not send what the server has, when only the answer was lost", async () => {
    let posts = 0;
    const box = outbox({
      post: async () => { ++posts; throw new Unreachable("cut after the last byte"); },
      find: async (id) => received(id),
    });
    const done = box.submit([file("a.txt")]);
    await vi.waitFor(() => expect(states(box)).toEqual(["waiting"]));
    box.retryNow();
    await done;
    expect(posts).toBe(1);
    expect(states(box)).toEqual(["transmitted"]);
  });

  it("survives a closed browser: files and batch are sent by the next page", async () => {
    const dead = outbox({ post: () => new Promise(() => undefined) });
    void dead.submit([file("a.txt", "words"), file("b.txt")]);
    await vi.waitFor(() => expect(states(dead)).toEqual(["sending"]));
    const texts: string[] = [];
    const ids = dead.list().map((entry) => entry.id);
    const next = outbox({
      post: async ({ id, files }) => {
        for (const { blob } of files) texts.push(await blob.text());
        return received(id);
      },
    });
    await next.start();
    await vi.waitFor(() => expect(states(next)).toEqual(["transmitted"]));
    expect(texts).toEqual(["words", "b.txt"]);
    expect(next.list().map((entry) => entry.id)).toEqual(ids);
  });

  it("stays refused, names the file, and sends the rest without it", async () => {
    const sent: string[][] = [];
    const box = outbox({
      post: async ({ id, files }) => {
        sent.push(files.map((one) => one.name));
        if (files.some((one) => one.name === "bad.zip"))
          throw new Refused({ status: 400, detail: "Unsupported content type: application/zip (bad.zip)" });
        return received(id);
      },
    });
    await expect(box.submit([file("a.txt"), file("bad.zip")])).rejects.toThrow("bad.zip");
    const entry = box.list()[0];
    expect(entry?.state).toBe("refused");
    expect(entry && blamed(entry)).toBe(1);
    await box.sendWithout(entry?.id ?? "", 1);
    await vi.waitFor(() => expect(states(box)).toEqual(["transmitted"]));
    expect(sent).toEqual([["a.txt", "bad.zip"], ["a.txt"]]);
    expect(states(box)).toEqual(["transmitted"]);
  });

  it("finds the file among others of the same name", () => {
    const files = ["image.jpg", "image.jpg", "a"].map((name) => ({ name, type: "", size: 1 }));
    const entry = { files, problem: { status: 400, detail: "Unsupported content type: x (image (2).jpg)" } } as Entry;
    expect(blamed(entry)).toBe(1);
    expect(blamed({ ...entry, problem: { status: 413, detail: "over" } })).toBe(-1);
  });

  it("goes on after the browser's store failed", async () => {
    const box = outbox({});
    const save = vi.spyOn(db, "save").mockRejectedValue(new Error("disk"));
    const all = vi.spyOn(db, "all").mockRejectedValueOnce(new Error("closed"));
    void box.submit([file("a.txt")]).catch(() => undefined);
    await vi.waitFor(() => expect(all).toHaveBeenCalled());
    save.mockRestore();
    all.mockRestore();
    box.retryNow();
    await box.submit([file("b.txt")]);
    expect(states(box).filter((state) => state === "sent").length).toBeGreaterThan(0);
  });

  it("ends an upload that another tab cancelled", async () => {
    let ended = false;
    const box = outbox({
      post: ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => {
        ended = true;
        reject(new DOMException("gone", "AbortError"));
      })),
    });
    void box.submit([file("a.txt")]);
    await vi.waitFor(() => expect(states(box)).toEqual(["sending"]));
    const other = outbox({});
    await other.start().catch(() => undefined);
    await other.remove(box.list()[0]?.id ?? "");
    await vi.waitFor(() => expect(ended).toBe(true));
  });

  it("waits as long as a busy server says", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    let posts = 0;
    const box = outbox({
      post: async ({ id }) => {
        if (++posts === 1) throw new Refused({ status: 429, detail: "busy" }, 5);
        return received(id);
      },
    });
    const done = box.submit([file("a.txt")]);
    await vi.waitFor(() => expect(states(box)).toEqual(["waiting"]));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(posts).toBe(1);
    await vi.advanceTimersByTimeAsync(1_500);
    await done;
    expect(posts).toBe(2);
    vi.useRealTimers();
  });

  it("pauses in the middle and goes on from the pause", async () => {
    let posts = 0;
    const box = outbox({
      post: ({ id, signal }) => ++posts > 1 ? Promise.resolve(received(id)) : new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(new DOMException("paused", "AbortError")))),
    });
    const done = box.submit([file("a.txt")]);
    await vi.waitFor(() => expect(states(box)).toEqual(["sending"]));
    const id = box.list()[0]?.id ?? "";
    box.pause(id);
    await vi.waitFor(() => expect(states(box)).toEqual(["paused"]));
    box.resume(id);
    await done;
    expect(posts).toBe(2);
  });

  it("says when the browser is full, and sends from memory", async () => {
    vi.spyOn(db, "add").mockRejectedValue(new StorageFull());
    const box = outbox({ post: async ({ id, files }) => (expect(files).toHaveLength(1), received(id)) });
    await box.submit([file("a.txt")]);
    expect(box.list()[0]?.kept).toBe(false);
    expect(states(box)).toEqual(["transmitted"]);
  });

  it("sends where the browser keeps nothing", async () => {
    const box = new Outbox(noStore, { post: async ({ id, files }) => (expect(files).toHaveLength(1), received(id)),
                                      find: async () => { throw missing(); } });
    await box.submit([file("a.txt")]);
    expect(states(box)).toEqual(["transmitted"]);
  });

  it("clears what has ended and leaves what has not", async () => {
    let network = true;
    const box = outbox({ post: async ({ id }) => { if (!network) throw new Unreachable("x"); return received(id); } });
    await box.submit([file("a.txt")]);
    network = false;
    void box.submit([file("b.txt")]);
    await vi.waitFor(() => expect(states(box)).toEqual(["transmitted", "waiting"]));
    await box.clearDone();
    expect(states(box)).toEqual(["waiting"]);
    expect(await db.all()).toHaveLength(1);
  });
});
