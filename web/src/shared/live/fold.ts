import type { Snapshot, StreamMessage, TimelineEvent } from "../api/types";

/** A message of the stream with its place in the log of all batches. */
export interface Told {
  seq: number;
  message: StreamMessage;
}

function eventOf({ seq, message }: Told): TimelineEvent | null {
  const stage = message.stage;
  if (!stage) return null;
  return {
    event_id: stage.eventId,
    seq,
    code: stage.code,
    label: stage.label,
    kind: stage.kind,
    timestamp: stage.timestamp,
    progress: stage.progress ?? null,
    details: stage.details ?? null,
  };
}

/**
 * The snapshot and what was told since. Pure: the order in which messages came,
 * doubles, and messages that the snapshot already holds change nothing.
 */
export function fold(snapshot: Snapshot, log: readonly Told[]): Snapshot {
  const cursor = Number(snapshot.event_cursor);
  const fresh = log.filter((told) => told.seq > cursor).sort((a, b) => a.seq - b.seq);
  if (fresh.length === 0) return snapshot;
  const next: Snapshot = { ...snapshot, timeline: [...(snapshot.timeline ?? [])] };
  const known = new Set(next.timeline?.map((event) => event.event_id));
  let last = cursor;
  for (const told of fresh) {
    if (told.seq === last) continue;
    last = told.seq;
    const { message } = told;
    if (message.status && message.status !== "deleted") next.status = message.status;
    if (message.error) next.last_error = message.error;
    if (message.reportHash) next.report_hash = message.reportHash;
    if (message.reportUrl) next.report_url = message.reportUrl;
    const event = eventOf(told);
    if (!event || known.has(event.event_id)) continue;
    known.add(event.event_id);
    next.timeline?.push(event);
    next.progress = Math.max(next.progress, event.progress ?? 0);
  }
  next.event_cursor = String(last);
  return next;
}
