import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { urls } from "@/shared/api/client";
import { useBatchEvents } from "@/shared/live/live_context";
import { blamed, type Entry } from "@/shared/outbox/entry";
import { useOutbox } from "@/shared/outbox/outbox_context";
import { LocalThumbnail } from "@/shared/ui/LocalThumbnail";
import { Thumbnail } from "@/shared/ui/Thumbnail";

/** Bytes of each file that have left: the body holds them in order. */
export function sentOf(entry: Entry): number[] {
  let before = 0;
  return entry.files.map((file) => {
    const part = Math.min(file.size, Math.max(0, entry.sent - before));
    before += file.size;
    return part;
  });
}

/** The vignettes of a batch on its way, each with its bar until it is received. */
export function EntryFiles({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const { outbox } = useOutbox();
  const [blobs, setBlobs] = useState<readonly Blob[]>([]);
  const there = entry.state === "transmitted";
  const { batch } = useBatchEvents(entry.id, there && blobs.length === 0);
  useEffect(() => {
    let over = false;
    void outbox?.bytesOf(entry).then((found) => !over && found.length > 0 && setBlobs(found));
    return () => {
      over = true;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the bytes of an id never change
  }, [outbox, entry.id]);
  const sent = sentOf(entry);
  const guilty = blamed(entry);
  return (
    <ul className="entry-files">
      {entry.files.map((file, i) => {
        const blob = blobs[i];
        const stored = batch?.files[i];
        return (
          <li key={i} data-state={entry.state} data-blamed={guilty === i}>
            {blob
              ? <LocalThumbnail file={blob} />
              : <Thumbnail src={stored ? urls.thumbnail(entry.id, stored.file_id) : null} type={file.type}
                           ready={stored?.status !== "pending"} />}
            <span className="file-name" title={file.name}>{file.name}</span>
            {there
              ? <span className="transmitted">{t("entry.transmitted")}</span>
              : <progress max={Math.max(1, file.size)} value={sent[i] ?? 0}
                          aria-label={t("sync.bar", { names: file.name })} />}
          </li>
        );
      })}
    </ul>
  );
}
