import { lazy, Suspense, useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { EvidenceFile, Snapshot } from "@/shared/api/types";
import { Analysis } from "./Analysis";
import { Files } from "./Files";
import { Observations } from "./Observations";
import { Report } from "./Report";
import { Risk } from "./Risk";
import { SummaryText } from "./SummaryText";
import { Texts } from "./Texts";

const ImageViewer = lazy(() => import("./ImageViewer"));

function Part({ name, children }: { name: string; children: ReactNode }) {
  const { t } = useTranslation();
  const title = useId();
  return (
    <section className={`part ${name}`} aria-labelledby={title}>
      <h4 id={title}>{t(`results.${name}`)}</h4>
      {children}
    </section>
  );
}

/** What the analysis found, most useful first. */
export function Results({ batch }: { batch: Snapshot }) {
  const { t } = useTranslation();
  const title = useId();
  const [shown, setShown] = useState<EvidenceFile | null>(null);
  return (
    <section className="results" aria-labelledby={title}>
      <h3 id={title}>{t("results.title")}</h3>
      <Part name="report"><Report batch={batch} /></Part>
      <Part name="summary"><SummaryText batch={batch} /></Part>
      <Part name="risk"><Risk risk={batch.risk_score} ended={batch.status !== "processing"} /></Part>
      <Part name="observations"><Observations batch={batch} onShow={setShown} /></Part>
      <Part name="images"><Files batch={batch} onShow={setShown} /></Part>
      <Part name="texts"><Texts batch={batch} /></Part>
      <Part name="analysis"><Analysis batch={batch} /></Part>
      {shown && (
        <Suspense fallback={null}>
          <ImageViewer batch={batch} file={shown} onClose={() => setShown(null)} />
        </Suspense>
      )}
    </section>
  );
}
