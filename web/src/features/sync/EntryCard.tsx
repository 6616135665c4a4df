import { useTranslation } from "react-i18next";
import { useFormats } from "@/shared/format";
import { blamed, unsent, type Entry } from "@/shared/outbox/entry";
import type { Outbox } from "@/shared/outbox/outbox";
import { hrefOf } from "@/shared/ui/route";
import { useNow } from "@/shared/ui/use_now";
import { EntryFiles } from "./EntryFiles";

function Why({ entry }: { entry: Entry }) {
  const { t, i18n } = useTranslation();
  const say = useFormats();
  useNow(entry.retryAt !== null);
  if (entry.state === "refused") return <p className="problem" role="alert">
    {entry.problem?.title && <strong>{entry.problem.title}. </strong>}{entry.problem?.detail}</p>;
  if (entry.state !== "waiting") return null;
  const key = `sync.reason.${entry.problem?.status ?? "network"}`;
  const left = entry.retryAt === null ? 0 : (entry.retryAt - Date.now()) / 1000;
  return (
    <p className="warn">
      ▲ {t(i18n.exists(key) ? key : "sync.reason.other")}
      {left > 0 && ` ${t("sync.retryIn", { duration: say.duration(Math.ceil(left)) })}`}
    </p>
  );
}

/** One batch on its way: its vignettes, its bytes, and what can be done with it. */
export function EntryCard({ entry, outbox }: { entry: Entry; outbox: Outbox }) {
  const { t } = useTranslation();
  const say = useFormats();
  const place = entry.state === "refused" ? blamed(entry) : -1;
  const guilty = entry.files[place];
  const busy = ["queued", "sending", "waiting"].includes(entry.state);
  return (
    <li className="entry" data-entry={entry.id} data-state={entry.state}>
      <p>
        <strong className="entry-state">{t(`entry.${entry.state}`)}</strong>{" "}
        <span className="quiet">{t("sync.batch", { count: entry.files.length })} ·{" "}
          {entry.state === "sending"
            ? t("sync.bytes", { sent: say.size(entry.sent), total: say.size(entry.bytes) })
            : say.size(entry.bytes)}</span>
      </p>
      <EntryFiles entry={entry} />
      <Why entry={entry} />
      {!entry.kept && unsent(entry) && <p className="warn">▲ {t("sync.loose")}</p>}
      <p className="actions">
        {busy && <button type="button" onClick={() => outbox.pause(entry.id)}>{t("sync.pause")}</button>}
        {entry.state === "paused" &&
          <button type="button" onClick={() => outbox.resume(entry.id)}>{t("sync.resume")}</button>}
        {guilty && entry.files.length > 1 && (
          <button type="button" className="main" onClick={() => void outbox.sendWithout(entry.id, place)}>
            {t("sync.without", { name: guilty.name })}</button>
        )}
        {entry.state === "refused" &&
          <button type="button" onClick={() => outbox.resume(entry.id)}>{t("batches.again")}</button>}
        {(entry.state === "sent" || entry.state === "transmitted") &&
          <a href={hrefOf(entry.id)}>{t("sync.open")}</a>}
        <button type="button" onClick={() => void outbox.remove(entry.id)}>
          {t(unsent(entry) ? "sync.cancel" : "sync.remove")}</button>
      </p>
    </li>
  );
}
