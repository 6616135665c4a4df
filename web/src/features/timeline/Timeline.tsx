import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Kind, Snapshot, TimelineEvent } from "@/shared/api/types";
import { pauses } from "@/shared/estimate";
import { useFormats } from "@/shared/format";
import { serverNow } from "@/shared/live/clock";
import { WaitBanner } from "./WaitBanner";

const marks: Record<Kind, string> = { info: "•", success: "✓", warning: "▲", error: "✕" };
const counted = ["fileCount", "imageCount", "observationCount", "score", "attempt"];

function Detail({ event }: { event: TimelineEvent }) {
  const { t } = useTranslation();
  const say = useFormats();
  const details = event.details ?? {};
  const words = ["document", "message", "error"].flatMap((key) =>
    typeof details[key] === "string" ? [details[key]] : []);
  const numbers = counted.flatMap((key) =>
    typeof details[key] === "number" ? [t(`detail.${key}`, { count: details[key], value: say.number(details[key]) })] : []);
  const status = event.code === "gemini:complete" && typeof details["status"] === "string"
    ? [t(`gemini.${details["status"]}`)] : [];
  const all = [...words, ...status, ...numbers];
  return all.length > 0 ? <span className="detail">{all.join(" · ")}</span> : null;
}

/** Every step with its time, what it took and what it found. */
export function Timeline({ batch }: { batch: Snapshot }) {
  const { t, i18n } = useTranslation();
  const say = useFormats();
  const title = useId();
  const events = batch.timeline ?? [];
  const first = events[0];
  const last = events.at(-1);
  const waited = Math.round(pauses(batch, serverNow()) / 1000);
  return (
    <section className="timeline" aria-labelledby={title}>
      <h3 id={title}>{t("timeline.title")}</h3>
      <WaitBanner batch={batch} />
      {events.length === 0 && <p className="quiet">{t("timeline.empty")}</p>}
      <ol>
        {events.map((event, i) => {
          const before = events[i - 1];
          const took = before ? (Date.parse(event.timestamp) - Date.parse(before.timestamp)) / 1000 : 0;
          const code = `code.${event.code}`;
          return (
            <li key={event.event_id} data-kind={event.kind} data-code={event.code}>
              <span className="mark" aria-hidden="true">{marks[event.kind]}</span>
              <time dateTime={event.timestamp}>{say.time(event.timestamp)}</time>
              <span className="what">
                {event.kind !== "info" && <strong className="kind">{t(`kind.${event.kind}`)} </strong>}
                {i18n.exists(code) ? t(code) : event.label} <Detail event={event} />
              </span>
              <span className="took" title={t("timeline.since", { duration: say.duration(took) })}>
                {took >= 0.1 ? `+${say.duration(took)}` : ""}
              </span>
            </li>
          );
        })}
      </ol>
      {first && last && batch.status !== "processing" && (
        <p className="quiet">
          {t("timeline.took", { duration: say.duration((Date.parse(last.timestamp) - Date.parse(first.timestamp)) / 1000) })}
          {waited > 0 && `, ${t("timeline.waited", { duration: say.duration(waited) })}`}
        </p>
      )}
    </section>
  );
}
