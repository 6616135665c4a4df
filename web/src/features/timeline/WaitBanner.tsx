import { useTranslation } from "react-i18next";
import type { Snapshot } from "@/shared/api/types";
import { estimate } from "@/shared/estimate";
import { useFormats } from "@/shared/format";
import { waitOf } from "@/shared/stages";
import { useNow } from "@/shared/ui/use_now";

/** What the batch waits for, how long, and when it should be done. */
export function WaitBanner({ batch }: { batch: Snapshot }) {
  const { t } = useTranslation();
  const say = useFormats();
  const running = batch.status === "processing";
  const now = useNow(running);
  if (!running) return null;
  const wait = waitOf(batch);
  const end = estimate(batch, now);
  const left = (at: number) => say.duration(Math.max(0, Math.round((at - now) / 1000)));
  return (
    <div className="wait">
      {wait && (
        <p className="countdown" data-resume-at={wait.resumeAt}>
          <span aria-hidden="true">‖ </span>
          {t(wait.resumeAt > now ? "timeline.resume" : "timeline.resuming", {
            time: say.time(wait.resumeAt),
            reason: t(`timeline.${wait.reason}`),
            budget: wait.budgetEnds === null ? "–" : left(wait.budgetEnds),
          })}
          {wait.resumeAt > now && <strong> {t("timeline.resumeIn", { duration: left(wait.resumeAt) })}</strong>}
        </p>
      )}
      {end && (
        <p className="quiet estimate">
          {t(end.paused ? "timeline.estimatePause" : "timeline.estimate",
             { time: say.time(end.endsAt), duration: left(end.endsAt) })}
        </p>
      )}
    </div>
  );
}
