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

/** Names as the server stores them: the second `n.txt` of a batch is `n (2).txt`. */
function storedNames(files: readonly EntryFile[]): string[] {
  const seen = new Map<string, number>();
  return files.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const dot = name.lastIndexOf(".");
    return count === 1 ? name : dot > 0 ? `${name.slice(0, dot)} (${count})${name.slice(dot)}` : `${name} (${count})`;
  });
}

/** The place of the file that a refusal names; -1: it names none. The longest name wins. */
export function blamed(entry: Entry): number {
  const detail = entry.problem?.detail ?? "";
  const names = storedNames(entry.files);
  let found = -1;
  for (const [i, name] of names.entries())
    if (detail.includes(name) && name.length > (names[found]?.length ?? 0)) found = i;
  return found;
}

/** Version 4, also where `crypto.randomUUID` is not to be had (plain HTTP). */
export function newBatchId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 15) | 64;
  bytes[8] = ((bytes[8] ?? 0) & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
