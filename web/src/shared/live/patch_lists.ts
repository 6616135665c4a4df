import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { listBatches } from "../api/client";
import type { BatchItem, BatchPage, BatchStatus } from "../api/types";
import type { Told } from "./fold";

type ListKey = ["batches", BatchStatus | null, string];
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

const top = 20;
const settleMs = 300;
const due = new Set<string>();

/** Newcomers are at the top; the hundred pages below need no asking. */
async function loadTop(client: QueryClient, key: ListKey): Promise<void> {
  const page = await listBatches({ status: key[1], search: key[2], cursor: null, limit: top });
  client.setQueryData<Pages>(key, (pages) => {
    const [first, ...rest] = pages?.pages ?? [];
    if (!pages || !first) return pages;
    const fresh = new Map(page.items.map((item) => [item.batch_id, item]));
    const known = new Set(pages.pages.flatMap(({ items }) => items.map((item) => item.batch_id)));
    const update = (one: BatchPage) => ({ ...one, items: one.items.map((item) => fresh.get(item.batch_id) ?? item) });
    const newcomers = page.items.filter((item) => !known.has(item.batch_id));
    const head = update(first);
    return { ...pages, pages: [{ ...head, items: [...newcomers, ...head.items] }, ...rest.map(update)] };
  });
}

export function dropFromLists(client: QueryClient, id: string): void {
  client.setQueriesData<Pages>({ queryKey: ["batches"] }, (pages) => pages && {
    ...pages,
    pages: pages.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.batch_id !== id) })),
  });
}

/** Everything may have changed: the lists begin anew at their top, the rest is asked for again. */
export function reloadAll(client: QueryClient): void {
  client.setQueriesData<Pages>({ queryKey: ["batches"] }, (pages) =>
    pages && { pages: pages.pages.slice(0, 1), pageParams: pages.pageParams.slice(0, 1) });
  void client.invalidateQueries();
}

/** Brings loaded lists up to date without asking; a batch they lack makes them ask for the top. */
export function patchLists(client: QueryClient, told: Told): void {
  const { batchId: id, status } = told.message;
  for (const [key, pages] of client.getQueriesData<Pages>({ queryKey: ["batches"], type: "active" })) {
    if (!pages) continue;
    const holds = (page: BatchPage) => page.items.some((item) => item.batch_id === id);
    const change = (page: BatchPage): BatchPage => ({
      ...page,
      items: status === "deleted"
        ? page.items.filter((item) => item.batch_id !== id)
        : page.items.map((item) => (item.batch_id === id ? patched(item, told) : item))
            .filter((item) => key[1] === null || item.status === key[1]),
    });
    const known = pages.pages.some(holds);
    if (known)
      client.setQueryData<Pages>(key, { ...pages, pages: pages.pages.map((page) => (holds(page) ? change(page) : page)) });
    const ended = known && status !== undefined && status !== "processing";
    if (status === "deleted" || (known && !ended)) continue;
    const name = JSON.stringify(key);
    if (due.has(name)) continue;
    due.add(name);
    setTimeout(() => {
      due.delete(name);
      loadTop(client, key as ListKey).catch(() => undefined); // the next event asks again
    }, settleMs);
  }
}
