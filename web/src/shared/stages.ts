import type { EvidenceFile, Snapshot, TimelineEvent } from "./api/types";

export const steps = ["received", "metadata", "vision", "text", "gemini", "scoring", "report"] as const;
export type Step = (typeof steps)[number];
export type StepState = "todo" | "doing" | "done" | "waiting" | "problem" | "skipped";

/** The codes that begin, end and trouble each step (table of CONTRACT). */
const codes: Record<Step, { begin: string[]; end: string[]; trouble: string[] }> = {
  received: { begin: [], end: ["ingestion:received"], trouble: [] },
  metadata: { begin: ["ingestion:received"], end: ["metadata:extracted"], trouble: [] },
  vision: { begin: ["vision:start"], end: ["analysis:complete"], trouble: ["file:quarantined"] },
  text: { begin: ["ocr:start"], end: ["analysis:complete"], trouble: ["ocr:error"] },
  gemini: { begin: ["gemini:start"], end: ["gemini:complete"], trouble: ["gemini:quota-exceeded"] },
  scoring: { begin: ["gemini:complete"], end: ["scoring:complete"], trouble: [] },
  report: { begin: ["summary:complete"], end: ["report:available"], trouble: [] },
};

/** Events since the batch was last begun: a re-run starts the steps it redoes again. */
export function lastRun(timeline: readonly TimelineEvent[]): readonly TimelineEvent[] {
  const end = timeline.findLastIndex((event, i) =>
    i < timeline.length - 1 && ["report:available", "pipeline:error", "pipeline:cancelled"].includes(event.code));
  return timeline.slice(end + 1);
}

export function stepStates(batch: Snapshot): Record<Step, StepState> {
  const timeline = batch.timeline ?? [];
  const all = new Set(timeline.map((event) => event.code));
  const now = new Set(lastRun(timeline).map((event) => event.code));
  const rerun = now.size < all.size && batch.status === "processing";
  const any = (seen: Set<string>, wanted: string[]) => wanted.some((code) => seen.has(code));
  const state = (step: Step): StepState => {
    const { begin, end, trouble } = codes[step];
    const again = rerun && (step === "gemini" || step === "scoring" || step === "report");
    const seen = again ? now : all;
    if (step === "gemini") return geminiState(batch, seen);
    if (any(seen, trouble)) return "problem";
    if (any(seen, end)) return "done";
    if (batch.status !== "processing") return "skipped";
    return any(seen, begin) ? "doing" : "todo";
  };
  const out = Object.fromEntries(steps.map((step) => [step, state(step)])) as Record<Step, StepState>;
  if (all.has("ingestion:received")) out.received = "done";
  return out;
}

/** `gemini:complete` is told of a run without a key too: the status says what became of it. */
function geminiState(batch: Snapshot, seen: Set<string>): StepState {
  const status = batch.gemini_status;
  if (status === "disabled" || status === "skipped") return "skipped";
  if (seen.has("gemini:quota-exceeded")) return "problem";
  if (seen.has("gemini:complete")) return status === "failed" || status === "quota_exceeded" ? "problem" : "done";
  if (!seen.has("gemini:start")) return seen.has("scoring:complete") || batch.status !== "processing" ? "skipped" : "todo";
  return waitOf(batch) ? "waiting" : batch.status === "processing" ? "doing" : "problem";
}

export interface Wait {
  resumeAt: number;
  /** When the ten minutes of the analysis are over; null: not told. */
  budgetEnds: number | null;
  reason: "quota" | "unavailable";
}

/** What Gemini makes the batch wait for, until something else is heard of it. */
export function waitOf(batch: Snapshot): Wait | null {
  if (batch.status !== "processing") return null;
  const told = (batch.timeline ?? []).findLast((event) =>
    event.code.startsWith("gemini:") || event.code === "scoring:complete");
  if (told?.code !== "gemini:waiting") return null;
  const details = told.details ?? {};
  const resumeAt = Date.parse(String(details["resumeAt"]));
  if (Number.isNaN(resumeAt)) return null;
  const budget = Number(details["remainingBudgetSeconds"]);
  return {
    resumeAt,
    budgetEnds: Number.isFinite(budget) ? Date.parse(told.timestamp) + budget * 1000 : null,
    reason: details["warning"] === "gemini-unavailable" ? "unavailable" : "quota",
  };
}

export type FileState = "pending" | "working" | "done" | "failed" | "quarantined";

/** A file at work: a start that has no end yet. */
export function fileState(file: EvidenceFile, batch: Snapshot): FileState {
  if (file.status === "failed" || file.status === "quarantined" || file.status === "done") return file.status;
  if (batch.status !== "processing") return "pending";
  const last = (batch.timeline ?? []).findLast((event) => event.details?.["document"] === file.filename);
  return last ? "working" : "pending";
}
