import { useTranslation } from "react-i18next";
import type { Snapshot } from "@/shared/api/types";

/** The summary in prose, the findings, what to do. */
export function SummaryText({ batch }: { batch: Snapshot }) {
  const { t } = useTranslation();
  const summary = batch.summary;
  if (!summary?.text) return <p className="quiet">{t("results.noSummary")}</p>;
  return (
    <div className="summary">
      <p className="source">{t(summary.source === "gemini" ? "results.gemini" : "results.local")}</p>
      {summary.text.split(/\n{2,}/).map((paragraph, i) => <p key={i}>{paragraph}</p>)}
      {(["findings", "recommendations"] as const).map((part) =>
        (summary[part]?.length ?? 0) > 0 && (
          <div key={part}>
            <h5>{t(`results.${part}`)}</h5>
            <ul>{summary[part]?.map((line, i) => <li key={i}>{line}</li>)}</ul>
          </div>
        ))}
    </div>
  );
}
