import { useEffect, useState } from "react";
import { keepChoice, readChoice } from "@/shared/ui/kept_choice";

export const themes = ["auto", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const key = "vigie-theme";

/** What the reader chose; "auto" leaves it to the system. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => themes.find((one) => one === readChoice(key)) ?? "auto");
  useEffect(() => {
    if (theme === "auto") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    keepChoice(key, theme);
  }, [theme]);
  return [theme, setTheme];
}
