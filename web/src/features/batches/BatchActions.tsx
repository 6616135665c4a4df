import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BatchStatus } from "@/shared/api/types";
import { useRights } from "@/shared/rights";
import { useCommand, type Command } from "./useBatches";

interface Props {
  id: string;
  status: BatchStatus;
  /** Something of an ended batch can be done again. */
  retryable: boolean;
  onDeleted?: () => void;
}

const asks: Partial<Record<Command, string>> = {
  cancel: "action.confirmCancel", delete: "action.confirmDelete",
};

/** Cancel, retry, delete; what cannot be undone asks first, in place. */
export function BatchActions({ id, status, retryable, onDeleted }: Props) {
  const { t } = useTranslation();
  const command = useCommand(id);
  const [asked, setAsked] = useState<Command | null>(null);
  const group = useRef<HTMLDivElement>(null);
  const answered = useRef(false);
  useEffect(() => { // the question took the focus; its answer gives it back
    if (asked !== null) answered.current = true;
    else if (answered.current) group.current?.focus();
  }, [asked]);
  const rights = useRights();
  const possible: Command[] = status === "processing" ? ["cancel"] : [...(retryable ? ["retry" as const] : []), "delete"];
  const offered = possible.filter((what) => (what === "delete" ? rights.erase : rights.send));
  const go = (what: Command) => {
    setAsked(null);
    command.mutate(what, { onSuccess: () => what === "delete" && onDeleted?.() });
  };
  if (asked)
    return (
      <div className="actions confirm" role="group" aria-label={t(`action.${asked}`)}>
        <span>{t(asks[asked] ?? "")}</span>
        <button type="button" className="danger" onClick={() => go(asked)}>{t("action.yes")}</button>
        {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the question replaces the button that had the focus */}
        <button type="button" autoFocus onClick={() => setAsked(null)}>{t("action.no")}</button>
      </div>
    );
  return (
    <div className="actions" ref={group} tabIndex={-1}>
      {offered.map((what) => (
        <button key={what} type="button" disabled={command.isPending}
                onClick={() => (asks[what] ? setAsked(what) : go(what))}>
          {t(`action.${what}`)}
        </button>
      ))}
      {command.error && <p className="problem" role="alert">{t("action.failed", { detail: command.error.message })}</p>}
    </div>
  );
}
