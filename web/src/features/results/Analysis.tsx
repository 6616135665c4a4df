import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getAnalyses, rerunAnalysis } from "@/shared/api/client";
import type { AnalysisRecord, Snapshot } from "@/shared/api/types";
import { useFormats } from "@/shared/format";
import { useRights } from "@/shared/rights";

/** The Gemini analyses of a batch, and one more on request. */
export function Analysis({ batch }: { batch: Snapshot }) {
  const { t, i18n } = useTranslation();
  const say = useFormats();
  const client = useQueryClient();
  const { send } = useRights();
  const id = batch.batch_id;
  const past = useQuery({
    queryKey: ["batch", id, "analyses", batch.status, batch.gemini_status], queryFn: () => getAnalyses(id),
  });
  const again = useMutation({
    mutationFn: () => rerunAnalysis(id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["batch", id] }),
  });
  const status = (word: string) => (i18n.exists(`gemini.${word}`) ? t(`gemini.${word}`) : word);
  const warning = (told: string) => {
    const [code = "", ...what] = told.split(":");
    return i18n.exists(`warning.${code}`) ? t(`warning.${code}`, { what: what.join(":") }) : told;
  };
  const line = (record: AnalysisRecord) =>
    t("results.analysisRecord", { time: say.moment(record.created_at), status: status(record.status),
                                  model: record.model_version ?? record.model });
  const [latest, ...earlier] = past.data?.history ?? [];
  return (
    <div className="analysis">
      {batch.gemini_status && <p>{status(batch.gemini_status)}</p>}
      {batch.gemini_summary && <p>{batch.gemini_summary}</p>}
      {latest && <p className="quiet">{line(latest)}</p>}
      {(latest?.warnings?.length ?? 0) > 0 &&
        <ul className="warn plain">{latest?.warnings?.map((told) => <li key={told}>▲ {warning(told)}</li>)}</ul>}
      {earlier.length > 0 && (
        <details>
          <summary>{t("results.history")}</summary>
          <ul>{earlier.map((record) => <li key={record.id} className="quiet">{line(record)}</li>)}</ul>
        </details>
      )}
      {send && batch.status !== "processing" && batch.files.some((file) => file.content_type.startsWith("image/")) && (
        <button type="button" disabled={again.isPending} onClick={() => again.mutate()}>{t("results.rerun")}</button>
      )}
      <p role="status" className={again.error ? "problem" : "quiet"}>
        {again.isSuccess && t("results.rerunAsked")}{again.error && t("action.failed", { detail: again.error.message })}
      </p>
    </div>
  );
}
