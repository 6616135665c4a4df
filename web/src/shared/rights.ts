import { createContext, use } from "react";
import type { Session } from "@/shared/api/types";

/** What the server lets us do; buttons for the rest are not shown. */
export interface Rights {
  send: boolean;
  erase: boolean;
}

/** Without tokens nobody has a role, and everybody may do everything. */
export const rightsOf = (session: Session | undefined): Rights => ({
  send: session?.role !== "reader",
  erase: !session?.role || session.role === "admin",
});

export const RightsContext = createContext<Rights>(rightsOf(undefined));
export const useRights = (): Rights => use(RightsContext);
