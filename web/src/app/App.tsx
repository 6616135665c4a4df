import { useTranslation } from "react-i18next";
import { BatchSection } from "@/features/batches/BatchSection";
import { QuotaBoard } from "@/features/quota/QuotaBoard";
import { SignIn } from "@/features/session/SignIn";
import { useSession } from "@/features/session/useSession";
import { SyncControls } from "@/features/sync/SyncControls";
import { UploadPanel } from "@/features/upload/UploadPanel";
import { rightsOf, RightsContext } from "@/shared/rights";
import { useRoute } from "@/shared/ui/route";
import { BatchPage } from "./BatchPage";
import { Boundary } from "./Boundary";
import { Header } from "./Header";
import { Spoken } from "./Spoken";

export function App() {
  const { t } = useTranslation();
  const open = useRoute();
  const { session, unknown } = useSession();
  if (unknown) return (
    <>
      <Header session={undefined} />
      <main id="main" tabIndex={-1} className="alone"><SignIn /></main>
    </>
  );
  const rights = rightsOf(session);
  return (
    <RightsContext value={rights}>
      <Header session={session} />
      <main id="main" tabIndex={-1} data-open={open !== null}>
        <div className="side">
          {rights.send && <Boundary><UploadPanel /></Boundary>}
          <Boundary><SyncControls /></Boundary>
          <Boundary><BatchSection open={open} /></Boundary>
          <Boundary><QuotaBoard /></Boundary>
        </div>
        <div className="main-part">
          {open === null
            ? <p className="quiet choose">{t("app.choose")}</p>
            : <Boundary key={open}><BatchPage id={open} /></Boundary>}
        </div>
      </main>
      <Spoken batch={open} />
    </RightsContext>
  );
}
