import { useTranslation } from "react-i18next";
import { Who } from "@/features/session/Who";
import type { Session } from "@/shared/api/types";
import { languages, switchLanguage, type Language } from "@/shared/i18n/i18n";
import { useMode } from "@/shared/live/live_context";
import { themes, useTheme, type Theme } from "./theme";

const marks = { connecting: "…", live: "●", polling: "◐", offline: "○" };

function ModeBadge() {
  const { t } = useTranslation();
  const mode = useMode();
  return (
    <p className="mode" data-mode={mode} role="status" title={t(`mode.${mode}.help`)}>
      <span aria-hidden="true">{marks[mode]} </span>{t(`mode.${mode}`)}
    </p>
  );
}

export function Header({ session }: { session: Session | undefined }) {
  const { t, i18n } = useTranslation();
  const [theme, setTheme] = useTheme();
  return (
    <header className="top">
      <a className="skip" href="#main" onClick={(event) => {
        event.preventDefault(); // the hash is the route
        document.getElementById("main")?.focus();
      }}>{t("app.skip")}</a>
      <h1><img src="/icon.svg" alt="" width="32" height="32" /> vigie <small>{t("app.tagline")}</small></h1>
      <ModeBadge />
      <Who session={session} />
      <label>
        <span className="visually-hidden">{t("app.language")}</span>
        <select value={i18n.language} onChange={(event) => switchLanguage(event.target.value as Language)}>
          {Object.entries(languages).map(([code, name]) => <option key={code} value={code} lang={code}>{name}</option>)}
        </select>
      </label>
      <label>
        <span className="visually-hidden">{t("app.theme")}</span>
        <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
          {themes.map((name) => <option key={name} value={name}>{t(`app.theme.${name}`)}</option>)}
        </select>
      </label>
    </header>
  );
}
