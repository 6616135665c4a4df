import { describe, expect, it } from "vitest";
import { event, snapshot, told } from "../test_data";
import { BatchLogs } from "./batch_logs";
import { fold } from "./fold";

const codes = (batch: { timeline: { code: string }[] | null }) => batch.timeline?.map((one) => one.code);

describe("fold", () => {
  const base = snapshot(10, [event(10, "ingestion:received", 5)]);

  it("puts what was told in the order of the log, however it came", () => {
    const now = fold(base, [told(13, "vision:start", 25), told(11, "metadata:extracted", 15), told(12, "analysis:start", 25)]);
    expect(codes(now)).toEqual(["ingestion:received", "metadata:extracted", "analysis:start", "vision:start"]);
    expect(now.progress).toBe(25);
    expect(now.event_cursor).toBe("13");
  });

  it("takes a double, and what the snapshot holds, once", () => {
    const twice = told(11, "metadata:extracted", 15);
    const now = fold(base, [told(10, "ingestion:received", 5), twice, twice, told(9, "old:event", 99)]);
    expect(codes(now)).toEqual(["ingestion:received", "metadata:extracted"]);
    expect(now.progress).toBe(15);
  });

  it("answers the very snapshot when nothing is new", () => {
    expect(fold(base, [told(10, "ingestion:received", 5)])).toBe(base);
  });

  it("never lets the progress fall", () => {
    const now = fold(base, [told(11, "ocr:complete", 60), told(12, "vision:complete", 40)]);
    expect(now.progress).toBe(60);
  });

  it("knows the end and the failure", () => {
    const done = fold(base, [told(11, "report:available", 100, { status: "completed", reportHash: "h", reportUrl: "/r" })]);
    expect([done.status, done.report_hash, done.report_url]).toEqual(["completed", "h", "/r"]);
    const failed = fold(base, [told(11, "pipeline:error", 100, { status: "failed", error: "plein" })]);
    expect([failed.status, failed.last_error]).toEqual(["failed", "plein"]);
  });

  it("gives the same whatever part the snapshot already had", () => {
    const all = [11, 12, 13, 14].map((seq) => told(seq, `c${seq}`, seq));
    const whole = fold(base, all);
    const later = snapshot(12, [event(10, "ingestion:received", 5), event(11, "c11", 11), event(12, "c12", 12)]);
    expect(codes(fold(later, all))).toEqual(codes(whole));
  });
});

describe("BatchLogs", () => {
  it("keeps each message once and forgets what is covered", () => {
    const logs = new BatchLogs();
    let calls = 0;
    logs.subscribe("b", () => ++calls);
    logs.add(told(1, "a"));
    logs.add(told(1, "a"));
    logs.add(told(2, "b"));
    expect(logs.of("b").map((one) => one.seq)).toEqual([1, 2]);
    logs.covered("b", 1);
    expect(logs.of("b").map((one) => one.seq)).toEqual([2]);
    expect(calls).toBe(3);
  });
});
