import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import {
  createContext, use, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode,
} from "react";
import { getBatch } from "../api/client";
import type { Snapshot } from "../api/types";
import { BatchLogs } from "./batch_logs";
import { EventHub, type Mode } from "./event_hub";
import { fold, type Told } from "./fold";
import { patchLists, reloadAll } from "./patch_lists";

interface Live {
  logs: BatchLogs;
  mode: Mode;
  onTold(listener: (told: Told) => void): () => void;
}

const Context = createContext<Live | null>(null);
const pollMs = 4000;
const settleMs = 400;

function useLive(): Live {
  const live = use(Context);
  if (!live) throw new Error("outside LiveProvider");
  return live;
}

/** Loads again what is on the page, at most once per `settleMs` and batch. */
function useReload(client: QueryClient) {
  const due = useRef(new Set<string>());
  return useCallback((batch: string) => {
    if (due.current.has(batch)) return;
    due.current.add(batch);
    setTimeout(() => {
      due.current.delete(batch);
      void client.invalidateQueries({ queryKey: ["batch", batch] });
    }, settleMs);
  }, [client]);
}

/** The one stream of events, for every component of the page. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [logs] = useState(() => new BatchLogs());
  const [mode, setMode] = useState<Mode>("connecting");
  const listeners = useRef(new Set<(told: Told) => void>());
  const reload = useReload(client);

  useEffect(() => {
    const hub = new EventHub({
      told: (told) => {
        logs.add(told);
        patchLists(client, told);
        if (!told.message.stage?.code.endsWith(":start")) reload(told.message.batchId);
        for (const listener of listeners.current) listener(told);
      },
      stale: () => reloadAll(client),
      mode: setMode,
    });
    hub.start();
    const back = () => {
      hub.wake();
      reloadAll(client);
    };
    const resumed = () => document.visibilityState === "visible" && back();
    addEventListener("online", back);
    document.addEventListener("resume", resumed); // after the browser froze the tab
    return () => {
      removeEventListener("online", back);
      document.removeEventListener("resume", resumed);
      hub.stop();
    };
  }, [client, logs, reload]);

  const live = useMemo<Live>(() => ({
    logs,
    mode,
    onTold(listener) {
      listeners.current.add(listener);
      return () => listeners.current.delete(listener);
    },
  }), [logs, mode]);
  return <Context value={live}>{children}</Context>;
}

export const useMode = (): Mode => useLive().mode;

export function useTold(listener: (told: Told) => void): void {
  const { onTold } = useLive();
  useEffect(() => onTold(listener), [onTold, listener]);
}

/** How often to ask while the stream is blocked; false while it is live. */
export const usePolling = (): number | false => (useMode() === "polling" ? pollMs : false);

/** A batch as it is now: the snapshot, followed from its `event_cursor`. */
export function useBatchEvents(id: string, wanted = true): {
  batch: Snapshot | undefined; error: Error | null; loading: boolean;
} {
  const { logs } = useLive();
  const polling = usePolling();
  const query = useQuery({
    queryKey: ["batch", id],
    queryFn: ({ signal }) => getBatch(id, signal),
    enabled: wanted,
    refetchInterval: (q) => (q.state.data?.status === "processing" ? polling : false),
  });
  const log = useSyncExternalStore(
    useCallback((changed) => logs.subscribe(id, changed), [logs, id]), () => logs.of(id));
  const cursor = query.data?.event_cursor;
  useEffect(() => {
    if (cursor !== undefined) logs.covered(id, Number(cursor));
  }, [logs, id, cursor]);
  const batch = useMemo(() => query.data && fold(query.data, log), [query.data, log]);
  return { batch, error: query.error, loading: query.isPending && wanted };
}
