import { describe, expect, it } from "vitest";
import { estimate, pauses } from "./estimate";
import { stepStates, waitOf } from "./stages";
import { at, event, ms, snapshot } from "./test_data";

const waiting = event(6, "gemini:waiting", null, 20, {
  warning: "gemini-quota-exceeded", resumeAt: at(80), remainingBudgetSeconds: 590,
});
const begun = [event(1, "ingestion:received", 5, 0), event(2, "metadata:extracted", 15, 5), event(3, "analysis:start", 25, 6),
  event(4, "analysis:complete", 70, 18), event(5, "gemini:start", 72, 19)];

describe("waitOf", () => {
  it("is what the last word of Gemini says", () => {
    expect(waitOf(snapshot(6, [...begun, waiting]))).toEqual({ resumeAt: ms(80), budgetEnds: ms(610), reason: "quota" });
  });
  it("ends with the next word, and with the batch", () => {
    expect(waitOf(snapshot(7, [...begun, waiting, event(7, "gemini:complete", 80, 90)]))).toBeNull();
    expect(waitOf(snapshot(6, [...begun, waiting], { status: "failed" }))).toBeNull();
  });
});

describe("estimate", () => {
  it("includes the pause and does not count it as work", () => {
    const batch = snapshot(6, [...begun, waiting]);
    // 20 s for 67 percent, 28 left: 8.36 s of work after the pause.
    const told = estimate(batch, ms(50));
    expect(told?.paused).toBe(true);
    expect(((told?.endsAt ?? 0) - ms(80)) / 1000).toBeCloseTo(20 / 67 * 28, 1);
    expect(pauses(batch, ms(50))).toBe(30_000);
  });
  it("says nothing before there is a pace, nor after the end", () => {
    expect(estimate(snapshot(1, begun.slice(0, 1)), ms(3))).toBeNull();
    expect(estimate(snapshot(6, begun, { status: "completed" }), ms(30))).toBeNull();
  });
});

describe("stepStates", () => {
  it("follows the batch", () => {
    expect(stepStates(snapshot(6, [...begun, waiting])))
      .toEqual({ received: "done", metadata: "done", vision: "done", text: "done", gemini: "waiting", scoring: "todo", report: "todo" });
  });
  it("calls Gemini skipped without a key, and never done", () => {
    const timeline = [...begun.slice(0, 4), event(6, "gemini:complete", 80), event(7, "scoring:complete", 85),
      event(8, "report:available", 100)]; // as the server tells it
    expect(stepStates(snapshot(8, timeline, { status: "completed", gemini_status: "skipped" })).gemini).toBe("skipped");
  });
  it("calls a failed analysis no success", () => {
    const timeline = [...begun, event(6, "gemini:complete", 80)];
    expect(stepStates(snapshot(6, timeline, { gemini_status: "failed" })).gemini).toBe("problem");
    expect(stepStates(snapshot(6, timeline, { gemini_status: "ok" })).gemini).toBe("done");
  });
  it("marks what a quota cut short", () => {
    const timeline = [...begun, event(6, "gemini:quota-exceeded"), event(7, "gemini:complete", 80)];
    expect(stepStates(snapshot(7, timeline)).gemini).toBe("problem");
  });
  it("begins the redone steps again in a re-run", () => {
    const first = [...begun, event(6, "gemini:complete", 80), event(7, "scoring:complete", 85), event(8, "report:available", 100)];
    const states = stepStates(snapshot(9, [...first, event(9, "gemini:start", 72)]));
    expect([states.text, states.gemini, states.report]).toEqual(["done", "doing", "todo"]);
  });
});
