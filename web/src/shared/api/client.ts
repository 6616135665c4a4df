import { currentLanguage } from "../i18n/i18n";
import { learnClock } from "../live/clock";
import type {
  AnalysisRecord, BatchPage, BatchStatus, GateBoard, Problem, Session, Snapshot,
} from "./types";

export const api = "/api/v1";
const ingestion = `${api}/ingestion`;

/** The server refused: `problem.detail` names the input and the limit (RFC 9457). */
export class Refused extends Error {
  constructor(readonly problem: Problem, readonly retryAfter: number | null = null) {
    super(problem.detail);
    this.name = "Refused";
  }
}

/** Nobody answered: no network, or no server. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

export function parseProblem(status: number, body: string): Problem {
  try {
    const told = JSON.parse(body) as { detail?: unknown; title?: string; type?: string };
    const detail = Array.isArray(told.detail) ? told.detail.map(String).join("; ") : String(told.detail ?? "");
    return { status, detail: detail || told.title || `HTTP ${status}`, title: told.title ?? "", type: told.type ?? "" };
  } catch {
    return { status, detail: `HTTP ${status}` };
  }
}

const session = `${api}/session`;
const unknownListeners = new Set<() => void>();

/** Called whenever the server no longer knows who asks; answers how to stop that. */
export function onUnknown(listener: () => void): () => void {
  unknownListeners.add(listener);
  return () => unknownListeners.delete(listener);
}

export function refused(status: number, body: string, retryAfter: string | null, path: string): Refused {
  if (status === 401 && path !== session) for (const listener of unknownListeners) listener();
  const after = Number(retryAfter);
  return new Refused(parseProblem(status, body), after > 0 ? after : null);
}

async function call(path: string, asked: RequestInit = {}): Promise<Response> {
  // no-cache: an ETag is cheap, and what was told since must be seen.
  const init: RequestInit = { cache: "no-cache", ...asked, headers: { "Accept-Language": currentLanguage(), ...asked.headers } };
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(String(error));
  }
  learnClock(answer.headers.get("Date"));
  if (!answer.ok) throw refused(answer.status, await answer.text(), answer.headers.get("Retry-After"), path);
  return answer;
}

async function json<T>(path: string, init?: RequestInit): Promise<T> {
  return (await (await call(path, init)).json()) as T;
}

const of = (id: string) => `${ingestion}/batches/${encodeURIComponent(id)}`;

export const urls = {
  batches: `${ingestion}/batches`,
  events: (after: string | null) =>
    `${ingestion}/events${after === null ? "" : `?last_event_id=${encodeURIComponent(after)}`}`,
  file: (id: string, file: number) => `${of(id)}/files/${file}`,
  thumbnail: (id: string, file: number) => `${of(id)}/files/${file}/thumbnail`,
  report: (id: string) => `${ingestion}/reports/${encodeURIComponent(id)}`,
};

export const getBatch = (id: string, signal?: AbortSignal) =>
  json<Snapshot>(of(id), signal ? { signal } : undefined);

export interface ListQuery {
  status: BatchStatus | null;
  search: string;
  cursor: string | null;
  limit?: number;
}

export function listBatches(query: ListQuery, signal?: AbortSignal): Promise<BatchPage> {
  const asked = new URLSearchParams({ limit: String(query.limit ?? 100) });
  if (query.status) asked.set("status", query.status);
  if (query.search) asked.set("q", query.search);
  if (query.cursor) asked.set("cursor", query.cursor);
  return json<BatchPage>(`${ingestion}/batches?${asked}`, signal ? { signal } : undefined);
}

export const cancelBatch = (id: string) => call(`${of(id)}/cancel`, { method: "POST" });
export const retryBatch = (id: string) => call(`${of(id)}/retry`, { method: "POST" });
export const deleteBatch = (id: string) => call(of(id), { method: "DELETE" });
export const rerunAnalysis = (id: string) => json<AnalysisRecord>(`${of(id)}/analysis`, { method: "POST" });
export const getAnalyses = (id: string) =>
  json<{ latest: AnalysisRecord | null; history: AnalysisRecord[] | null }>(
    `${of(id)}/analysis?include_history=true`);
export const verifyReport = (id: string) =>
  json<{ valid: boolean; expected: string; actual: string }>(`${urls.report(id)}/verify`);
export const getQuota = () => json<{ models: GateBoard[] }>(`${api}/gemini/quota`);
export const getSession = () => json<Session>(session);
export const signIn = (token: string) =>
  json<Session>(session, { method: "POST", headers: { Authorization: `Bearer ${token}` } });
export const signOut = () => call(session, { method: "DELETE" });
export const getHealth = (signal: AbortSignal) => json<{ status: string }>(`${api}/health`, { signal });
export const reportSize = async (id: string): Promise<number> =>
  Number((await call(urls.report(id), { method: "HEAD" })).headers.get("Content-Length"));
