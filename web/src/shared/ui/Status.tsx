import { useTranslation } from "react-i18next";
import type { BatchStatus } from "../api/types";

const marks: Record<BatchStatus, string> = { processing: "◔", completed: "✓", failed: "✕", cancelled: "–" };

export function Status({ status }: { status: BatchStatus }) {
  const { t } = useTranslation();
  return (
    <span className="status" data-status={status}>
      <span aria-hidden="true">{marks[status]} </span>{t(`status.${status}`)}
    </span>
  );
}
