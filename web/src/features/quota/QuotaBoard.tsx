import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { getQuota } from "@/shared/api/client";
import type { GateBoard } from "@/shared/api/types";
import { useFormats } from "@/shared/format";
import { hrefOf } from "@/shared/ui/route";

const everyMs = 3000;

function Gate({ gate }: { gate: GateBoard }) {
  const { t } = useTranslation();
  const say = useFormats();
  const used = (count: number, limit: number | null) =>
    limit === null ? say.number(count) : t("quota.of", { used: say.number(count), limit: say.number(limit) });
  const rows: [string, string][] = [
    ["state", t(`quota.${gate.state}`) + (gate.reason ? ` (${gate.reason})` : "")],
    ["until", gate.paused_until ? say.moment(gate.paused_until) : "–"],
    ["waiting", say.number(gate.waiting)],
    ["flight", say.number(gate.in_flight)],
    ["minute", used(gate.requests_in_window, gate.limits.rpm)],
    ["tokens", used(gate.tokens_in_window, gate.limits.tpm)],
    ["day", used(gate.day.requests, gate.limits.rpd)
      + (gate.day.resets_at ? `, ${t("quota.resets", { time: say.moment(gate.day.resets_at) })}` : "")],
  ];
  return (
    <div className="gate" data-state={gate.state}>
      <h3>{gate.model}</h3>
      <dl>
        {rows.map(([name, value]) => <div key={name}><dt>{t(`quota.${name}`)}</dt><dd>{value}</dd></div>)}
      </dl>
      {gate.waiters.length > 0 && (
        <>
          <h4>{t("quota.waiters")}</h4>
          <ul>
            {gate.waiters.map((waiter) => (
              <li key={waiter.batch_id}>
                <a href={hrefOf(waiter.batch_id)}>{waiter.batch_id}</a>{" "}
                <span className="quiet">{t("quota.waiter", { count: waiter.analyses, time: say.time(waiter.deadline) })}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** Models, their gates, who waits and what the day has cost. */
export function QuotaBoard() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const board = useQuery({ queryKey: ["quota"], queryFn: getQuota, enabled: open, refetchInterval: everyMs });
  return (
    <details className="quota" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><h2>{t("quota.title")}</h2></summary>
      {board.isError && <p className="problem">{t("quota.failed")}</p>}
      {board.data?.models.length === 0 && <p className="quiet">{t("quota.none")}</p>}
      {board.data?.models.map((gate) => <Gate key={gate.model} gate={gate} />)}
    </details>
  );
}
