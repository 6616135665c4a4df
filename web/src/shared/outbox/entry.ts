import type { Problem } from "../api/types";

/**
 * queued: waits its turn · sending · waiting: nobody answers, tried again ·
 * paused: by the user · sent: 202, the event is yet to come ·
 * transmitted: `ingestion:received` was seen · refused: see `problem`.
 */
export type EntryState =
  | "queued" | "sending" | "waiting" | "paused" | "sent" | "transmitted" | "refused";

export interface EntryFile {
  name: string;
  type: string;
  size: number;
}

/** A batch on its way to the server. Its bytes lie beside it until the 202. */
export interface Entry {
  /** The `client_batch_id`: the same at every try, so a try too many is harmless. */
  id: string;
  /** Order of capture. */
  order: number;
  state: EntryState;
  files: EntryFile[];
  bytes: number;
  sent: number;
  problem: Problem | null;
  /** Why the last try did not end, when nobody answered or it is busy. */
  retryAt: number | null;
  /** false: there was no room to keep the bytes; they live in this page only. */
  kept: boolean;
}

export const unsent = (entry: Entry): boolean =>
  !["sent", "transmitted", "refused"].includes(entry.state);

export const finished = (entry: Entry): boolean => entry.state === "transmitted";

/** The file that a refusal is about, by name. */
export function blamed(entry: Entry): EntryFile | null {
  const detail = entry.problem?.detail ?? "";
  const named = entry.files.filter((file) => detail.includes(file.name));
  return named.sort((a, b) => b.name.length - a.name.length)[0] ?? null;
}

/** Version 4, also where `crypto.randomUUID` is not to be had (plain HTTP). */
export function newBatchId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 15) | 64;
  bytes[8] = ((bytes[8] ?? 0) & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
