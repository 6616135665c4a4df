import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { getSession, onUnknown, Refused } from "@/shared/api/client";
import type { Session } from "@/shared/api/types";
import { usePolling } from "@/shared/live/live_context";

const key = ["session"];

/** Who we are; `unknown`: the server asks for a token first. */
export function useSession(): { session: Session | undefined; unknown: boolean } {
  const client = useQueryClient();
  // A stream that broke may be one of a session that has ended.
  const query = useQuery({ queryKey: key, queryFn: getSession, refetchInterval: usePolling() });
  useEffect(() => onUnknown(() => void client.invalidateQueries({ queryKey: key })), [client]);
  const unknown = query.error instanceof Refused && query.error.problem.status === 401;
  return { session: query.data, unknown };
}
