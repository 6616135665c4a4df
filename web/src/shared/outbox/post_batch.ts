import { refused, Unreachable, urls } from "../api/client";
import { currentLanguage } from "../i18n/i18n";
import type { Snapshot } from "../api/types";

export interface PostOptions {
  id: string;
  files: readonly { name: string; blob: Blob }[];
  signal: AbortSignal;
  /** Bytes of the body that have left, and all of them. */
  progress(sent: number, total: number): void;
}

const silenceMs = 60_000;

/** POST of a batch. XMLHttpRequest, because fetch tells nothing of an upload's progress. */
export function postBatch({ id, files, signal, progress }: PostOptions): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("client_batch_id", id); // before the files: the server knows it early
    for (const file of files) form.append("files", file.blob, file.name);
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(abort, silenceMs);
    };
    request.open("POST", urls.batches);
    request.setRequestHeader("Accept-Language", currentLanguage());
    request.upload.onprogress = (event) => {
      alive();
      if (event.lengthComputable) progress(event.loaded, event.total);
    };
    request.onload = () => {
      if (request.status === 202) return resolve(JSON.parse(request.responseText) as Snapshot);
      reject(refused(request.status, request.responseText, request.getResponseHeader("Retry-After"), urls.batches));
    };
    request.onerror = () => reject(new Unreachable("POST"));
    request.onabort = () =>
      reject(signal.aborted ? new DOMException("paused", "AbortError") : new Unreachable("silence"));
    request.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
    if (signal.aborted) return reject(new DOMException("paused", "AbortError"));
    signal.addEventListener("abort", abort);
    alive();
    request.send(form);
  });
}
