import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { cancelBatch, deleteBatch, listBatches, retryBatch } from "@/shared/api/client";
import type { BatchStatus } from "@/shared/api/types";
import { usePolling } from "@/shared/live/live_context";
import { dropFromLists } from "@/shared/live/patch_lists";

/** The list, newest first, page by page. */
export function useBatches(status: BatchStatus | null, search: string) {
  const polling = usePolling();
  return useInfiniteQuery({
    queryKey: ["batches", status, search],
    queryFn: ({ pageParam, signal }) => listBatches({ status, search, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: polling,
    gcTime: search ? 0 : 300_000,
  });
}

export type Command = "cancel" | "retry" | "delete";
const commands = { cancel: cancelBatch, retry: retryBatch, delete: deleteBatch };

export function useCommand(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (command: Command) => commands[command](id),
    onSuccess: (_, command) => {
      if (command === "delete") dropFromLists(client, id);
      if (command === "delete") client.removeQueries({ queryKey: ["batch", id] });
      else void client.invalidateQueries({ queryKey: ["batch", id] });
    },
  });
}
