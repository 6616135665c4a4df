import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { RiskScore } from "@/shared/api/types";
import { useFormats } from "@/shared/format";
import { useLabel } from "./labels";

const RiskChart = lazy(() => import("./RiskChart"));

/** The score, its chart, and the same figures as a table. */
export function Risk({ risk, ended }: { risk: RiskScore | null; ended: boolean }) {
  const { t } = useTranslation();
  const say = useFormats();
  const label = useLabel();
  if (!risk) return <p className="quiet">{t(ended ? "results.noRisk" : "results.pending")}</p>;
  return (
    <div className="risk">
      <p className="score">
        <meter min={0} max={1} low={0.34} high={0.67} optimum={0} value={risk.normalized_score}
               aria-label={t("results.risk")} />
        <strong>{t("results.total", { total: say.number(risk.total_score), percent: say.percent(risk.normalized_score) })}</strong>
      </p>
      <Suspense fallback={<div className="chart" />}>
        <RiskChart lines={risk.breakdown.map((line) => ({ ...line, label: label(line.label) }))} title={t("results.chart")} />
      </Suspense>
      <table>
        <thead>
          <tr>{["type", "severity", "count", "points"].map((key) => <th key={key} scope="col">{t(`results.${key}`)}</th>)}</tr>
        </thead>
        <tbody>
          {risk.breakdown.map((line) => (
            <tr key={line.label}>
              <th scope="row">{label(line.label)}</th>
              <td>{t(`severity.${line.severity}`)}</td>
              <td>{say.number(line.count)}</td>
              <td>{say.number(line.score)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
