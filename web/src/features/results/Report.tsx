import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Snapshot } from "@/shared/api/types";
import { ReportLink } from "@/shared/ui/ReportLink";

const PdfPreview = lazy(() => import("./PdfPreview"));

/** The report: fetch it, verify it, look at it in the page. */
export function Report({ batch }: { batch: Snapshot }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!batch.report_hash || !batch.report_url) return <p className="quiet">{t("results.reportNone")}</p>;
  return (
    <div className="report">
      <ReportLink key={batch.report_hash} id={batch.batch_id} hash={batch.report_hash} />
      <p className="hash whole"><code>{batch.report_hash}</code></p>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t("results.preview")}</summary>
        {open && (
          <Suspense fallback={<p className="quiet">{t("app.loading")}</p>}>
            <PdfPreview key={batch.report_hash} url={batch.report_url} />
          </Suspense>
        )}
      </details>
    </div>
  );
}
