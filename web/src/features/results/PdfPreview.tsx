import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from "pdfjs-dist";
import worker from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

GlobalWorkerOptions.workerSrc = worker;

/** One page at a time of a PDF, drawn here: phones show no PDF inside a page. */
export default function PdfPreview({ url }: { url: string }) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [document_, setDocument] = useState<PDFDocumentProxy | null>(null);
  const [number, setNumber] = useState(1);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const loading = getDocument({ url, isEvalSupported: false });
    loading.promise.then(setDocument, () => setFailed(true));
    return () => void loading.destroy();
  }, [url]);

  useEffect(() => {
    let drawing: { cancel(): void } | null = null;
    let over = false;
    void document_?.getPage(number).then((page) => {
      const target = canvas.current;
      if (over || !target) return;
      const natural = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: (target.clientWidth * devicePixelRatio) / natural.width });
      target.width = Math.floor(viewport.width);
      target.height = Math.floor(viewport.height);
      const context = target.getContext("2d");
      if (!context) return;
      const task = page.render({ canvasContext: context, viewport });
      drawing = task;
      task.promise.then(() => (target.dataset["page"] = String(number)), () => undefined); // cancelled
    });
    return () => {
      over = true;
      drawing?.cancel();
    };
  }, [document_, number]);

  const total = document_?.numPages ?? 0;
  if (failed) return <p className="problem">{t("results.previewFailed")}</p>;
  return (
    <div className="pdf">
      <p>
        <button type="button" disabled={number <= 1} onClick={() => setNumber(number - 1)}>{t("results.previous")}</button>
        <span role="status">{total > 0 && t("results.page", { n: number, total })}</span>
        <button type="button" disabled={number >= total} onClick={() => setNumber(number + 1)}>{t("results.next")}</button>
      </p>
      <div role="img" aria-label={t("results.page", { n: number, total })}><canvas ref={canvas} /></div>
    </div>
  );
}
