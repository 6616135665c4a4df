import { useTranslation } from "react-i18next";
import type { EvidenceFile, Observation, Snapshot } from "@/shared/api/types";
import { useFormats } from "@/shared/format";
import { useLabel } from "./labels";

const order = ["critical", "high", "medium", "low", "negligible"];
const words = (seen: Observation, key: string) =>
  typeof seen.extra?.[key] === "string" ? seen.extra[key] : null;

export function ObservationText({ seen, number }: { seen: Observation; number?: number | undefined }) {
  const { t } = useTranslation();
  const say = useFormats();
  const label = useLabel();
  const category = words(seen, "category");
  const place = words(seen, "location");
  const advice = words(seen, "recommendation");
  const what = words(seen, "description");
  const quote = words(seen, "quote");
  const line = words(seen, "line");
  return (
    <>
      <p>
        <span className="severity" data-severity={seen.severity}>{t(`severity.${seen.severity}`)}</span>{" "}
        <strong>{label(seen.label === "general" && seen.class_name ? seen.class_name : seen.label)}</strong>
        {category && <span className="quiet"> · {label(category)}</span>}
        {number !== undefined && <span className="quiet"> · {t("results.box", { n: number })}</span>}
        {seen.confidence !== null && <span className="quiet"> · {t("results.confidence", { percent: say.percent(seen.confidence) })}</span>}
      </p>
      {what && <p>{what}</p>}
      {quote && <p><q>{quote}</q>{line && <span className="quiet"> · {t("results.line", { n: line })}</span>}</p>}
      {place && <p className="quiet">{t("results.location", { text: place })}</p>}
      {advice && <p className="advice">{t("results.recommendation", { text: advice })}</p>}
    </>
  );
}

/** What was seen, worst first, the model's apart from the local checks'. */
export function Observations({ batch, onShow }: { batch: Snapshot; onShow(file: EvidenceFile): void }) {
  const { t } = useTranslation();
  const all = batch.observations ?? [];
  if (all.length === 0) return <p className="quiet">{t(batch.status === "processing" ? "results.pending" : "results.noObservations")}</p>;
  const picture = (name: string) =>
    batch.files.find((file) => file.filename === name && file.content_type.startsWith("image/"));
  return (["gemini", "local"] as const).map((source) => {
    const mine = all.filter((seen) => seen.source === source)
      .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
    return mine.length > 0 && (
      <div key={source} className="observations" data-source={source}>
        <h5>{t(`results.${source}`)}</h5>
        <ul>
          {mine.map((seen, i) => {
            const file = picture(seen.filename);
            return (
              <li key={i}>
                <ObservationText seen={seen} />
                {file
                  ? <button type="button" className="link" aria-label={t("results.zoom", { name: file.filename })}
                            onClick={() => onShow(file)}>{file.filename}</button>
                  : <p className="quiet file-name">{seen.filename}</p>}
              </li>
            );
          })}
        </ul>
      </div>
    );
  });
}
