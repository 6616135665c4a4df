import { useTranslation } from "react-i18next";
import { signOut } from "@/shared/api/client";
import type { Session } from "@/shared/api/types";

/** Who is signed in, and the way out. Nothing where nobody has to. */
export function Who({ session }: { session: Session | undefined }) {
  const { t } = useTranslation();
  if (!session?.name || !session.role) return null;
  const leave = () => void signOut().catch(() => undefined).then(() => location.reload());
  return (
    <p className="who">
      <span>{session.name}</span> <span className="quiet">{t(`session.role.${session.role}`)}</span>{" "}
      <button type="button" onClick={leave}>{t("session.signOut")}</button>
    </p>
  );
}
