/* eslint max-lines: [error, 200] -- every shape of the contract on one page */
/** Shapes of CONTRACT (REST in snake_case, SSE in camelCase). Times are RFC 3339, UTC. */
export type BatchStatus = "processing" | "completed" | "failed" | "cancelled";
export type Kind = "info" | "success" | "warning" | "error";
export type GeminiStatus =
  | "disabled" | "skipped" | "pending" | "ok" | "no_insights" | "quota_exceeded" | "failed";

export interface FileMetadata {
  captured_at?: string | null;
  gps?: { latitude: number; longitude: number } | null;
  camera?: string | null;
  zone?: string | null;
  site_type?: string | null;
  [key: string]: unknown;
}

export interface EvidenceFile {
  file_id: number;
  filename: string;
  content_type: string;
  size_bytes: number;
  checksum_sha256: string;
  status: string;
  warnings: { code: string; message: string }[];
  metadata: FileMetadata | null;
}

export interface TimelineEvent {
  event_id: string;
  seq: number;
  code: string;
  label: string;
  kind: Kind;
  timestamp: string;
  progress: number | null;
  details: Record<string, unknown> | null;
}

export interface OcrText {
  filename: string;
  engine: string;
  content: string;
  confidence: number | null;
  warnings: string[] | null;
  error: string | null;
}

export interface Observation {
  filename: string;
  label: string;
  severity: string;
  confidence: number | null;
  bbox: [number, number, number, number] | null;
  source: "local" | "gemini";
  class_name: string | null;
  extra: Record<string, unknown> | null;
  created_at: string;
}

export interface RiskScore {
  total_score: number;
  normalized_score: number;
  breakdown: { label: string; severity: string; count: number; score: number }[];
}

export interface Summary {
  status: string;
  source: string | null;
  text: string | null;
  findings: string[] | null;
  recommendations: string[] | null;
  warnings: string[] | null;
}

export interface GeminiRun {
  attempts: number;
  waited_seconds: number;
  budget_seconds: number;
  resume_at: string | null;
}

export interface Snapshot {
  batch_id: string;
  stored_at: string;
  status: BatchStatus;
  files: EvidenceFile[];
  report_hash: string | null;
  report_url: string | null;
  last_error: string | null;
  timeline: TimelineEvent[] | null;
  ocr_texts: OcrText[] | null;
  observations: Observation[] | null;
  gemini_status: GeminiStatus | null;
  gemini_summary: string | null;
  gemini_model: string | null;
  risk_score: RiskScore | null;
  summary: Summary | null;
  progress: number;
  warnings: { code: string; file?: string; message: string }[];
  event_cursor: string;
  gemini: GeminiRun | null;
}

export interface BatchItem {
  batch_id: string;
  status: BatchStatus;
  stored_at: string;
  file_count: number;
  normalized_score: number | null;
  report_hash: string | null;
  report_url?: string | null;
  gemini_status?: GeminiStatus | null;
  last_error?: string | null;
  progress?: number;
}

export interface BatchPage {
  items: BatchItem[];
  next_cursor: string | null;
}

/** One `data:` of the event stream. */
export interface StreamMessage {
  batchId: string;
  status?: BatchStatus | "deleted";
  error?: string;
  reportHash?: string;
  reportUrl?: string;
  stage?: {
    eventId: string;
    code: string;
    label: string;
    kind: Kind;
    timestamp: string;
    details?: Record<string, unknown> | null;
    progress?: number | null;
  };
}

export interface GateBoard {
  model: string;
  state: "open" | "paused" | "probe" | "day_off" | "blocked";
  reason: string | null;
  paused_until: string | null;
  waiting: number;
  in_flight: number;
  requests_in_window: number;
  tokens_in_window: number;
  limits: { rpm: number | null; tpm: number | null; rpd: number | null };
  day: { requests: number; resets_at: string | null };
  waiters: { batch_id: string; analyses: number; deadline: string }[];
}

export interface AnalysisRecord {
  id: number;
  status: string;
  summary: string | null;
  warnings: string[] | null;
  model: string;
  model_version?: string | null;
  requested_by: string | null;
  created_at: string;
  duration_ms: number | null;
  attempts?: number;
}

/** Who the server takes us for; without tokens nobody is asked, and `name` is null. */
export interface Session {
  required: boolean;
  name: string | null;
  role: "reader" | "auditor" | "admin" | null;
  own_only: boolean;
  session: boolean;
  expires_at: string | null;
}

export interface Problem {
  type?: string;
  title?: string;
  status: number;
  detail: string;
}
