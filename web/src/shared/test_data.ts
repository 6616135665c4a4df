/** Made-up data for unit tests. */
import type { Snapshot, StreamMessage, TimelineEvent } from "./api/types";
import type { Told } from "./live/fold";

export const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 14, 0, 0) + seconds * 1000).toISOString();
export const ms = (seconds: number) => Date.parse(at(seconds));

export function event(seq: number, code: string, progress: number | null = null, seconds = seq,
                      details: Record<string, unknown> | null = null): TimelineEvent {
  return { event_id: `e${seq}`, seq, code, label: code, kind: "info", timestamp: at(seconds), progress, details };
}

export function told(seq: number, code: string, progress: number | null = null,
                     more: Partial<StreamMessage> = {}, batch = "b"): Told {
  const { event_id, ...rest } = event(seq, code, progress);
  return { seq, message: { batchId: batch, stage: { eventId: event_id, ...rest }, ...more } };
}

export function snapshot(cursor: number, timeline: TimelineEvent[] = [], more: Partial<Snapshot> = {}): Snapshot {
  return {
    batch_id: "b", stored_at: at(0), status: "processing", files: [], report_hash: null, report_url: null,
    last_error: null, timeline, ocr_texts: null, observations: null, gemini_status: null, gemini_summary: null,
    gemini_model: null, risk_score: null, summary: null,
    progress: Math.max(0, ...timeline.map((one) => one.progress ?? 0)), warnings: [],
    event_cursor: String(cursor), gemini: null, ...more,
  };
}
