import type { Snapshot } from "./api/types";
import { lastRun, waitOf } from "./stages";

export interface Estimate {
  endsAt: number;
  paused: boolean;
}

const least = 2; // percent: before that a rate means nothing

/**
 * When a batch will be done: what is left at the pace seen so far, pauses not
 * counted, after the pause it is in. Null while there is nothing to go by.
 */
export function estimate(batch: Snapshot, now: number): Estimate | null {
  const run = lastRun(batch.timeline ?? []);
  const first = run[0];
  if (batch.status !== "processing" || !first) return null;
  const begun = Date.parse(first.timestamp);
  const from = first.progress ?? 0;
  const wait = waitOf(batch);
  const pausedFor = pauses(batch, now);
  const active = Math.max(0, now - begun - pausedFor);
  const made = batch.progress - from;
  if (made < least || active <= 0) return null;
  const left = ((100 - batch.progress) * active) / made;
  const resume = wait ? Math.max(now, wait.resumeAt) : now;
  return { endsAt: resume + left, paused: wait !== null && wait.resumeAt > now };
}

/** Milliseconds of this run that went into waiting for Gemini. */
export function pauses(batch: Snapshot, now: number): number {
  const run = lastRun(batch.timeline ?? []);
  let sum = 0;
  for (const [i, event] of run.entries()) {
    if (event.code !== "gemini:waiting") continue;
    const from = Date.parse(event.timestamp);
    const next = run.slice(i + 1).find((later) => later.code.startsWith("gemini:"));
    const until = Math.min(next ? Date.parse(next.timestamp) : now, Date.parse(String(event.details?.["resumeAt"])) || now);
    sum += Math.max(0, until - from);
  }
  return sum;
}
