import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTold } from "@/shared/live/live_context";
import type { Told } from "@/shared/live/fold";

const gapMs = 1500;
const perFile = /^(vision|ocr):(start|complete)$/;

/** Speaks the stages of the open batch to a screen reader; never the percents or each file. */
export function Spoken({ batch }: { batch: string | null }) {
  const { t, i18n } = useTranslation();
  const [words, setWords] = useState("");
  const next = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useTold(useCallback(({ message }: Told) => {
    const stage = message.stage;
    if (message.batchId !== batch || !stage || perFile.test(stage.code)) return;
    const key = `code.${stage.code}`;
    clearTimeout(next.current);
    next.current = setTimeout(() => setWords(i18n.exists(key) ? t(key) : stage.label), gapMs);
  }, [batch, t, i18n]));
  return <p className="visually-hidden" aria-live="polite">{words}</p>;
}
