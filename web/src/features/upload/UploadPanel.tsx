import { useId, useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/shared/format";
import { LocalThumbnail } from "@/shared/ui/LocalThumbnail";
import { useBatchUploader } from "./useBatchUploader";

/** A drop zone that is also a button, a camera, and what was chosen. */
export function UploadPanel() {
  const { t } = useTranslation();
  const say = useFormats();
  const title = useId();
  const { chosen, add, remove, clear, submitFiles, ready } = useBatchUploader();
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  };
  const send = () => {
    void submitFiles(chosen).catch(() => undefined); // the list of uploads says why
    clear();
  };
  const take = (input: HTMLInputElement) => {
    add(input.files ?? []);
    input.value = ""; // the same file can be chosen again
  };
  const empty = chosen.filter((file) => file.size === 0);
  return (
    <section className="upload" aria-labelledby={title}>
      <h2 id={title}>{t("upload.title")}</h2>
      <button type="button" className={over ? "drop over" : "drop"} onClick={() => picker.current?.click()}
              onDragOver={(event) => { event.preventDefault(); setOver(true); }}
              onDragLeave={() => setOver(false)} onDrop={drop}>
        {t("upload.drop")}
      </button>
      <button type="button" className="camera" onClick={() => camera.current?.click()}>{t("upload.camera")}</button>
      <input ref={picker} type="file" multiple hidden data-testid="files" aria-label={t("upload.drop")}
             onChange={(event) => take(event.currentTarget)} />
      <input ref={camera} type="file" accept="image/*" capture="environment" hidden aria-label={t("upload.camera")}
             onChange={(event) => take(event.currentTarget)} />
      {chosen.length > 0 && (
        <>
          <ul className="chosen">
            {chosen.map((file, i) => (
              <li key={`${file.name}-${i}`}>
                <LocalThumbnail file={file} />
                <span className="file-name" title={file.name}>{file.name}</span>
                <span className="quiet">{say.size(file.size)}</span>
                <button type="button" aria-label={t("upload.remove", { name: file.name })}
                        onClick={() => remove(file)}>✕</button>
              </li>
            ))}
          </ul>
          {empty.map((file, i) => <p key={i} className="warn">▲ {t("upload.empty", { name: file.name })}</p>)}
          <p className="send">
            <button type="button" className="main" disabled={!ready} onClick={send}>{t("upload.send")}</button>
            <button type="button" onClick={clear}>{t("upload.clear")}</button>
            <span className="quiet" role="status">
              {t("upload.chosen", { count: chosen.length, size: say.size(chosen.reduce((sum, file) => sum + file.size, 0)) })}
            </span>
          </p>
        </>
      )}
    </section>
  );
}
