import { useTranslation } from "react-i18next";
import { urls } from "@/shared/api/client";
import type { EvidenceFile, Snapshot } from "@/shared/api/types";
import { useFormats } from "@/shared/format";
import { Thumbnail } from "@/shared/ui/Thumbnail";

function Facts({ file }: { file: EvidenceFile }) {
  const { t } = useTranslation();
  const say = useFormats();
  const about = file.metadata ?? {};
  const degrees = (x: number) => x.toFixed(5);
  return (
    <ul className="facts">
      <li>{say.size(file.size_bytes)}</li>
      {about.captured_at && <li>{t("results.captured", { time: say.moment(about.captured_at) })}</li>}
      {about.camera && <li>{t("results.camera", { name: about.camera })}</li>}
      {about.zone && <li>{t("results.zone", { name: about.zone })}</li>}
      {about.gps && <li>{t("results.gps")}{" "}
        <a href={`geo:${about.gps.latitude},${about.gps.longitude}`}>
          {degrees(about.gps.latitude)}, {degrees(about.gps.longitude)}</a></li>}
    </ul>
  );
}

/** Every file: facts, a picture to enlarge with its boxes, the bytes to fetch. */
export function Files({ batch, onShow }: { batch: Snapshot; onShow(file: EvidenceFile): void }) {
  const { t } = useTranslation();
  return (
      <ul className="evidence">
        {batch.files.map((file) => {
          const thumbnail = (
            <Thumbnail src={urls.thumbnail(batch.batch_id, file.file_id)} type={file.content_type}
                       ready={file.status !== "pending"} />
          );
          return (
            <li key={file.file_id}>
              {file.content_type.startsWith("image/")
                ? <button type="button" className="picture" aria-label={t("results.zoom", { name: file.filename })}
                          onClick={() => onShow(file)}>{thumbnail}</button>
                : thumbnail}
              <div>
                <a href={urls.file(batch.batch_id, file.file_id)} download={file.filename}>{file.filename}</a>
                <Facts file={file} />
                {file.warnings.map((warning) => <p key={warning.code} className="warn">▲ {warning.message}</p>)}
              </div>
            </li>
          );
        })}
      </ul>
  );
}
