import { useVirtualizer } from "@tanstack/react-virtual";
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BatchStatus } from "@/shared/api/types";
import { BatchCard } from "./BatchCard";
import { useBatches } from "./useBatches";

const statuses: BatchStatus[] = ["processing", "completed", "failed", "cancelled"];
const guessed = 132; // pixels of a card before it is measured
const ahead = 20; // rows before the end at which the next page is asked for

/** All batches: search, filter, and a list that holds only what is seen. */
export function BatchSection({ open }: { open: string | null }) {
  const { t } = useTranslation();
  const title = useId();
  const [status, setStatus] = useState<BatchStatus | null>(null);
  const [typed, setTyped] = useState("");
  const search = useDeferredValue(typed.trim());
  const list = useBatches(status, search);
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: () => guessed,
    getItemKey: (index) => items[index]?.batch_id ?? index,
    overscan: 6,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isError } = list;
  useEffect(() => {
    if (last >= items.length - ahead && hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage, isError]);

  return (
    <section className="batches" aria-labelledby={title}>
      <h2 id={title}>{t("batches.title")}</h2>
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <label><span className="visually-hidden">{t("batches.search")}</span>
          <input type="search" maxLength={100} value={typed} placeholder={t("batches.search")}
                 onChange={(event) => setTyped(event.target.value)} />
        </label>
        <label><span className="visually-hidden">{t("batches.status")}</span>
          <select value={status ?? ""} onChange={(event) => setStatus((event.target.value || null) as BatchStatus | null)}>
            <option value="">{t("batches.all")}</option>
            {statuses.map((one) => <option key={one} value={one}>{t(`status.${one}`)}</option>)}
          </select>
        </label>
      </form>
      {list.isError && (
        <p className="problem" role="alert">{t("batches.failed")}{" "}
          <button type="button" onClick={() => void list.refetch()}>{t("batches.again")}</button></p>
      )}
      {list.isSuccess && items.length === 0 &&
        <p className="quiet">{t(search || status ? "batches.noMatch" : "batches.none")}</p>}
      <div className="list" ref={frame} role="feed" aria-busy={list.isFetching} aria-labelledby={title}
           // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reached by keyboard
           tabIndex={0} style={{ height: rows.getTotalSize() }}>
        <div className="tall" style={{ height: rows.getTotalSize() }}>
          {shown.map((row) => {
            const item = items[row.index];
            return item && (
              <div key={row.key} ref={rows.measureElement} data-index={row.index} className="row"
                   style={{ transform: `translateY(${row.start}px)` }}>
                <BatchCard item={item} open={open === item.batch_id} />
              </div>
            );
          })}
        </div>
        {isFetchingNextPage && <p className="quiet">{t("batches.more")}</p>}
      </div>
    </section>
  );
}
