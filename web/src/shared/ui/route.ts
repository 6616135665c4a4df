import { useSyncExternalStore } from "react";

/** The batch in the address, `#/batches/ID`; null: the list alone. */
export function readRoute(hash: string): string | null {
  const found = /^#\/batches\/([^/]+)$/.exec(hash) ?? /^#([^/]+)$/.exec(hash);
  try {
    return found?.[1] ? decodeURIComponent(found[1]) : null;
  } catch {
    return null;
  }
}

export const hrefOf = (batch: string): string => `#/batches/${encodeURIComponent(batch)}`;

function subscribe(changed: () => void): () => void {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

export const useRoute = (): string | null => useSyncExternalStore(subscribe, () => readRoute(location.hash));
