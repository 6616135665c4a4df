import { useTranslation } from "react-i18next";
import type { BatchItem } from "@/shared/api/types";
import { useFormats } from "@/shared/format";
import { useBatchEvents } from "@/shared/live/live_context";
import { stepStates } from "@/shared/stages";
import { ReportLink } from "@/shared/ui/ReportLink";
import { hrefOf } from "@/shared/ui/route";
import { Status } from "@/shared/ui/Status";
import { BatchActions } from "./BatchActions";
import { FileStates } from "./FileStates";
import { Stepper } from "./Stepper";

const shownFiles = 4;

/** A batch in the list. Only one at work (or open) is loaded whole. */
export function BatchCard({ item, open }: { item: BatchItem; open: boolean }) {
  const { t } = useTranslation();
  const say = useFormats();
  const { batch } = useBatchEvents(item.batch_id, item.status === "processing" || open);
  const status = batch?.status ?? item.status;
  const progress = batch?.progress ?? item.progress ?? 0;
  const error = batch?.last_error ?? item.last_error;
  const hash = batch?.report_hash ?? item.report_hash;
  const trouble = batch?.files.some((file) => file.status === "failed" || file.status === "quarantined") ?? false;
  return (
    <article className="card" data-batch={item.batch_id} data-status={status}
             aria-label={t("batches.label", { id: item.batch_id })}>
      <header>
        <h3><a href={hrefOf(item.batch_id)} aria-current={open ? "page" : undefined}>{item.batch_id}</a></h3>
        <Status status={status} />
      </header>
      <p className="facts">
        <time dateTime={item.stored_at}>{say.moment(item.stored_at)}</time>
        <span>{t("batches.files", { count: item.file_count })}</span>
        {item.normalized_score !== null && status !== "processing" &&
          <span>{t("batches.score", { score: say.percent(item.normalized_score) })}</span>}
      </p>
      {status === "processing" &&
        <progress max={100} value={progress} aria-label={t("batches.progress", { id: item.batch_id })} />}
      {batch && <Stepper states={stepStates(batch)} />}
      {batch && <FileStates batch={batch} most={shownFiles} />}
      {error && status === "failed" && <p className="problem">{error}</p>}
      <footer>
        {hash && status === "completed" && <ReportLink id={item.batch_id} hash={hash} />}
        <BatchActions id={item.batch_id} status={status}
                      retryable={status === "failed" || status === "cancelled" || trouble}
                      onDeleted={() => open && location.assign("#/")} />
      </footer>
    </article>
  );
}
