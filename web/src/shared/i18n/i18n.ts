import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { keepChoice, readChoice } from "../ui/kept_choice";
import en from "./en.json";
import fr from "./fr.json";

export const languages = { fr: "Français", en: "English" } as const;
export type Language = keyof typeof languages;

const key = "vigie-language";

function chosen(): Language {
  const kept = readChoice(key);
  if (kept === "fr" || kept === "en") return kept;
  const first = navigator.languages.find((name) => /^(fr|en)\b/.test(name));
  return first?.startsWith("en") ? "en" : "fr";
}

/** French and English; both are part of the page, so a switch needs no network. */
export function startI18n(): void {
  void i18next.use(initReactI18next).init({
    resources: { fr: { translation: fr }, en: { translation: en } },
    lng: chosen(),
    fallbackLng: "fr",
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
  });
  const tell = (language: string) => (document.documentElement.lang = language);
  tell(i18next.language);
  i18next.on("languageChanged", tell);
}

export function switchLanguage(language: Language): void {
  keepChoice(key, language);
  void i18next.changeLanguage(language);
}

export const currentLanguage = (): string => i18next.language || "fr";
