import { useTranslation } from "react-i18next";

/** `security_fire` in words; what is not in the dictionary keeps its own, made readable. */
export function useLabel(): (label: string) => string {
  const { t, i18n } = useTranslation();
  return (label) => {
    const key = `label.${label}`;
    return i18n.exists(key) ? t(key) : label.replace(/^security_/, "").replaceAll("_", " ");
  };
}
