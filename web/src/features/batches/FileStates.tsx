import { useTranslation } from "react-i18next";
import { urls } from "@/shared/api/client";
import type { Snapshot } from "@/shared/api/types";
import { fileState } from "@/shared/stages";
import { Thumbnail } from "@/shared/ui/Thumbnail";

/** The files of a batch and how far each is; the first ones only where room is short. */
export function FileStates({ batch, most }: { batch: Snapshot; most: number }) {
  const { t } = useTranslation();
  const rest = batch.files.length - most;
  return (
    <ul className="file-states" aria-label={t("file.list")}>
      {batch.files.slice(0, most).map((file) => {
        const state = fileState(file, batch);
        return (
          <li key={file.file_id} data-state={state}>
            <Thumbnail src={urls.thumbnail(batch.batch_id, file.file_id)} type={file.content_type}
                       ready={file.status !== "pending"} />
            <span className="file-name" title={file.filename}>{file.filename}</span>
            <span className="file-state">{t(`file.${state}`)}</span>
          </li>
        );
      })}
      {rest > 0 && <li className="more">{t("batches.moreFiles", { count: rest })}</li>}
    </ul>
  );
}
