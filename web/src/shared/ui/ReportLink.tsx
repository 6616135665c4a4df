import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { reportSize, urls, verifyReport } from "../api/client";
import { useFormats } from "../format";

/** The report: link, size, hash, and a button that has the server hash it again. */
export function ReportLink({ id, hash }: { id: string; hash: string }) {
  const { t } = useTranslation();
  const say = useFormats();
  const [looked, setLooked] = useState(false);
  useEffect(() => { // a list that scrolls by asks nothing
    const timer = setTimeout(() => setLooked(true), 500);
    return () => clearTimeout(timer);
  }, []);
  const size = useQuery({
    queryKey: ["report-size", id, hash], queryFn: () => reportSize(id), staleTime: Infinity, enabled: looked,
  });
  const check = useMutation({ mutationFn: () => verifyReport(id) });
  return (
    <div className="report-link">
      <a href={urls.report(id)} download>{t("results.reportGet")}</a>
      {size.data !== undefined && <span className="quiet"> {say.size(size.data)}</span>}
      <p className="hash">
        <abbr title={`${t("results.hash")} ${hash}`} aria-label={`${t("results.hash")} ${hash}`}>
          <code>{hash.slice(0, 12)}…</code>
        </abbr>
        <button type="button" disabled={check.isPending} onClick={() => check.mutate()}>{t("results.verify")}</button>
      </p>
      <p role="status" className={check.data && !check.data.valid ? "problem" : "quiet"}>
        {check.data && (check.data.valid ? t("results.valid") : t("results.invalid", { actual: check.data.actual }))}
        {check.error?.message}
      </p>
    </div>
  );
}
