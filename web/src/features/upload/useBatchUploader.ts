import { useCallback, useState } from "react";
import type { Snapshot } from "@/shared/api/types";
import { useOutbox } from "@/shared/outbox/outbox_context";

/** The files chosen for the next batch, and how they leave. */
export function useBatchUploader() {
  const { outbox } = useOutbox();
  const [chosen, setChosen] = useState<readonly File[]>([]);

  const add = useCallback((files: Iterable<File>) => {
    const more = [...files]; // now: clearing the input empties its list
    setChosen((known) => [...known, ...more]);
  }, []);
  const remove = useCallback((file: File) => setChosen((known) => known.filter((one) => one !== file)), []);
  const clear = useCallback(() => setChosen([]), []);

  /** Resolves on the 202: that is the end of the upload, not of the work. */
  const submitFiles = useCallback(
    (files: readonly File[]): Promise<Snapshot> =>
      outbox ? outbox.submit(files) : Promise.reject(new Error("not ready")),
    [outbox]);

  return { chosen, add, remove, clear, submitFiles, ready: outbox !== null };
}
