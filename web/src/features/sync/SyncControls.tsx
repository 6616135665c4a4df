import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/shared/format";
import { unsent } from "@/shared/outbox/entry";
import { useOutbox } from "@/shared/outbox/outbox_context";
import { EntryCard } from "./EntryCard";

const most = 12; // shown at once

function useStorage(entries: number) {
  return useQuery({
    queryKey: ["storage", entries],
    queryFn: async () => (await navigator.storage?.estimate?.()) ?? null,
  }).data;
}

/** The batches on their way, and the three things to do with all of them. */
export function SyncControls() {
  const { t } = useTranslation();
  const say = useFormats();
  const title = useId();
  const client = useQueryClient();
  const { outbox, entries } = useOutbox();
  const room = useStorage(entries.length);
  if (!outbox || entries.length === 0) return null;
  const shown = [...entries].sort((a, b) => Number(unsent(b)) - Number(unsent(a)) || b.order - a.order).slice(0, most);
  const sync = () => {
    outbox.retryNow();
    void client.invalidateQueries();
  };
  return (
    <section className="sync" aria-labelledby={title}>
      <h2 id={title}>{t("sync.title")} <span className="quiet">{say.number(entries.length)}</span></h2>
      <p className="actions">
        <button type="button" onClick={sync}>{t("sync.now")}</button>
        <button type="button" disabled={!entries.some((entry) => ["refused", "paused", "waiting"].includes(entry.state))}
                onClick={() => void outbox.retryAll()}>{t("sync.retryAll")}</button>
        <button type="button" disabled={entries.every(unsent)}
                onClick={() => void outbox.clearDone()}>{t("sync.clear")}</button>
      </p>
      <ul className="entries">
        {shown.map((entry) => <EntryCard key={entry.id} entry={entry} outbox={outbox} />)}
      </ul>
      {entries.length > most && <p className="quiet">+ {say.number(entries.length - most)}</p>}
      {room?.usage !== undefined && room.quota !== undefined && entries.some(unsent) && (
        <p className="quiet">{t("sync.storage", { used: say.size(room.usage), quota: say.size(room.quota) })}</p>
      )}
    </section>
  );
}
