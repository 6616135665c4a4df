import { useTranslation } from "react-i18next";
import type { Snapshot } from "@/shared/api/types";
import { useFormats } from "@/shared/format";

/** What was read in each file, with how sure the reader was. */
export function Texts({ batch }: { batch: Snapshot }) {
  const { t } = useTranslation();
  const say = useFormats();
  const texts = (batch.ocr_texts ?? []).filter((text) => text.content || text.error);
  if (texts.length === 0) return <p className="quiet">{t("results.noTexts")}</p>;
  return (
    <ul className="texts">
      {texts.map((text) => (
        <li key={text.filename}>
          <details>
            <summary>
              {text.filename} <span className="quiet">{text.engine}
                {text.confidence !== null && ` · ${t("results.confidence", { percent: say.percent(text.confidence) })}`}</span>
            </summary>
            {text.error && <p className="warn">▲ {text.error}</p>}
            {text.content && <pre>{text.content}</pre>}
          </details>
        </li>
      ))}
    </ul>
  );
}
