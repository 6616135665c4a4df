import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { BatchActions } from "@/features/batches/BatchActions";
import { FileStates } from "@/features/batches/FileStates";
import { Stepper } from "@/features/batches/Stepper";
import { Results } from "@/features/results/Results";
import { Timeline } from "@/features/timeline/Timeline";
import { Refused } from "@/shared/api/client";
import { useFormats } from "@/shared/format";
import { useBatchEvents } from "@/shared/live/live_context";
import { stepStates } from "@/shared/stages";
import { Status } from "@/shared/ui/Status";
import { Boundary } from "./Boundary";

const shownFiles = 24;

/** One batch, whole: where it stands, its steps, what it found. */
export function BatchPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const say = useFormats();
  const { batch, error, loading } = useBatchEvents(id);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [id]);
  const gone = error instanceof Refused && error.problem.status === 404;
  const trouble = batch?.files.some((file) => file.status === "failed" || file.status === "quarantined") ?? false;
  return (
    <article className="batch" data-batch-page={id}>
      <a className="back" href="#/">← {t("app.back")}</a>
      <h2 ref={heading} tabIndex={-1}>{id}</h2>
      {loading && <p className="quiet">{t("app.loading")}</p>}
      {gone && <p className="problem" role="alert">{t("app.notFound")}</p>}
      {error && !gone && !batch && <p className="problem" role="alert">{error.message}</p>}
      {batch && !gone && (
        <>
          <p className="facts">
            <Status status={batch.status} />
            <time dateTime={batch.stored_at}>{say.moment(batch.stored_at)}</time>
            <span>{t("batches.files", { count: batch.files.length })}</span>
          </p>
          {batch.status === "processing" &&
            <progress max={100} value={batch.progress} aria-label={t("batches.progress", { id })} />}
          <Stepper states={stepStates(batch)} />
          {batch.last_error && <p className="problem" role="alert">{batch.last_error}</p>}
          <BatchActions id={id} status={batch.status}
                        retryable={batch.status === "failed" || batch.status === "cancelled" || trouble}
                        onDeleted={() => location.assign("#/")} />
          {batch.status === "processing" && <FileStates batch={batch} most={shownFiles} />}
          <Boundary><Timeline batch={batch} /></Boundary>
          <Boundary><Results batch={batch} /></Boundary>
        </>
      )}
    </article>
  );
}
