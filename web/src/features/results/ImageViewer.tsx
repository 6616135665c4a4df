import Panzoom, { type PanzoomObject } from "@panzoom/panzoom";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { urls } from "@/shared/api/client";
import type { EvidenceFile, Snapshot } from "@/shared/api/types";
import { boxOf } from "./boxes";
import { ObservationText } from "./Observations";

interface Props {
  batch: Snapshot;
  file: EvidenceFile;
  onClose(): void;
}

/** One picture, large, with what was seen drawn over it. Escape closes it. */
export default function ImageViewer({ batch, file, onClose }: Props) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const zoom = useRef<PanzoomObject | null>(null);
  useEffect(() => {
    dialog.current?.showModal();
    const element = stage.current;
    if (!element) return;
    const panzoom = Panzoom(element, { maxScale: 8, minScale: 1, step: 0.4 });
    const frame = element.parentElement;
    frame?.addEventListener("wheel", panzoom.zoomWithWheel);
    zoom.current = panzoom;
    return () => {
      frame?.removeEventListener("wheel", panzoom.zoomWithWheel);
      panzoom.destroy();
    };
  }, []);
  // Browsers draw no TIFF; the thumbnail is better than nothing.
  const source = (file.content_type === "image/tiff" ? urls.thumbnail : urls.file)(batch.batch_id, file.file_id);
  const mine = (batch.observations ?? []).filter((seen) => seen.filename === file.filename);
  const boxed = mine.flatMap((seen) => {
    const box = boxOf(seen, file);
    return box ? [{ seen, box }] : [];
  });
  return (
    <dialog ref={dialog} className="viewer" aria-label={file.filename} onClose={onClose}>
      <header>
        <h4>{file.filename}</h4>
        <button type="button" onClick={() => zoom.current?.zoomIn()}>{t("results.zoomIn")}</button>
        <button type="button" onClick={() => zoom.current?.zoomOut()}>{t("results.zoomOut")}</button>
        <button type="button" onClick={() => zoom.current?.reset()}>{t("results.zoomReset")}</button>
        <button type="button" onClick={() => dialog.current?.close()}>{t("results.close")}</button>
      </header>
      <div className="frame">
        <div className="stage" ref={stage}>
          <img src={source} alt={file.filename} />
          {boxed.map(({ seen, box }, i) => (
            <span key={i} className="box" data-severity={seen.severity} data-source={seen.source}
                  style={{ left: `${box.left}%`, top: `${box.top}%`, width: `${box.width}%`, height: `${box.height}%` }}>
              <b aria-hidden="true">{i + 1}</b>
            </span>
          ))}
        </div>
      </div>
      <ol className="seen">
        {mine.map((seen, i) => {
          const number = boxed.findIndex((one) => one.seen === seen);
          return <li key={i}><ObservationText seen={seen} number={number < 0 ? undefined : number + 1} /></li>;
        })}
      </ol>
    </dialog>
  );
}
