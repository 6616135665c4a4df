import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { BatchItem, BatchPage } from "../api/types";
import type { Told } from "./fold";

type Pages = InfiniteData<BatchPage, string | null>;

function patched(item: BatchItem, { message }: Told): BatchItem {
  const status = message.status && message.status !== "deleted" ? message.status : item.status;
  const progress = Math.max(item.progress ?? 0, message.stage?.progress ?? 0);
  return {
    ...item,
    status,
    progress: message.status === "processing" ? message.stage?.progress ?? item.progress ?? 0 : progress,
    report_hash: message.reportHash ?? item.report_hash,
    report_url: message.reportUrl ?? item.report_url ?? null,
    last_error: message.error ?? item.last_error ?? null,
  };
}

/** Brings loaded lists up to date without asking; a batch they lack makes them ask. */
export function patchLists(client: QueryClient, told: Told): void {
  const id = told.message.batchId;
  for (const [key, pages] of client.getQueriesData<Pages>({ queryKey: ["batches"] })) {
    const known = pages?.pages.some((page) => page.items.some((item) => item.batch_id === id));
    const ends = told.message.status !== undefined && told.message.status !== "processing";
    if (pages && known)
      client.setQueryData<Pages>(key, {
        ...pages,
        pages: pages.pages.map((page) =>
          page.items.some((item) => item.batch_id === id)
            ? { ...page, items: page.items.map((item) => (item.batch_id === id ? patched(item, told) : item)) }
            : page),
      });
    if (pages && (!known ? told.message.status !== undefined || told.message.stage?.code === "ingestion:received" : ends))
      void client.invalidateQueries({ queryKey: key });
  }
}
