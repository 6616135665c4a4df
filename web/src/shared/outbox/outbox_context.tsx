import { createContext, use, useCallback, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { useTold } from "../live/live_context";
import type { Told } from "../live/fold";
import type { Entry } from "./entry";
import { Outbox } from "./outbox";
import { noStore, OutboxDb } from "./outbox_db";

const Context = createContext<Outbox | null>(null);

/** Opens the outbox and lets it hear which batches arrived. */
export function OutboxProvider({ children }: { children: ReactNode }) {
  const [outbox, setOutbox] = useState<Outbox | null>(null);
  useEffect(() => {
    let over = false;
    void OutboxDb.open().catch(() => noStore).then((db) => {
      const opened = new Outbox(db);
      if (!over) setOutbox(opened);
      if (!over) void opened.start();
    });
    return () => {
      over = true;
    };
  }, []);
  useEffect(() => {
    if (!outbox) return;
    addEventListener("online", outbox.retryNow);
    return () => removeEventListener("online", outbox.retryNow);
  }, [outbox]);
  useTold(useCallback(({ message }: Told) => {
    if (message.stage?.code === "ingestion:received") outbox?.received(message.batchId);
  }, [outbox]));
  useConfirmation(outbox);
  return <Context value={outbox}>{children}</Context>;
}

const confirmMs = 3000;

/** An event told before this page listened is in the snapshot. */
function useConfirmation(outbox: Outbox | null): void {
  const { subscribe, list } = outbox ?? nothing;
  const open = useSyncExternalStore(subscribe, () => list().some((entry) => entry.state === "sent"));
  useEffect(() => {
    if (!open || !outbox) return;
    const timer = setInterval(() => void outbox.confirmSent(), confirmMs);
    return () => clearInterval(timer);
  }, [open, outbox]);
}

const nothing = { list: (): readonly Entry[] => none, subscribe: () => () => undefined };
const none: readonly Entry[] = [];

export function useOutbox(): { outbox: Outbox | null; entries: readonly Entry[] } {
  const outbox = use(Context);
  const { subscribe, list } = outbox ?? nothing;
  return { outbox, entries: useSyncExternalStore(subscribe, list) };
}
