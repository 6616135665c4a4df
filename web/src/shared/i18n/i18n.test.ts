import { describe, expect, it } from "vitest";
import { formats } from "../format";
import en from "./en.json";
import fr from "./fr.json";

const plural = /_(zero|one|two|few|many|other)$/;
const base = (keys: object) => new Set(Object.keys(keys).map((key) => key.replace(plural, "")));
const places = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((m) => m[1]).sort();

describe("the dictionaries", () => {
  it("have the same keys", () => {
    expect([...base(fr)].filter((key) => !base(en).has(key))).toEqual([]);
    expect([...base(en)].filter((key) => !base(fr).has(key))).toEqual([]);
  });
  it("have every plural that Intl asks for", () => {
    for (const [language, words] of [["fr", fr], ["en", en]] as const) {
      const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const plurals = new Set(Object.keys(words).filter((key) => plural.test(key)).map((key) => key.replace(plural, "")));
      for (const key of plurals)
        for (const form of wanted) expect(Object.keys(words), `${language} ${key}_${form}`).toContain(`${key}_${form}`);
    }
  });
  it("put the same values in the same sentences", () => {
    const english: Record<string, string> = en;
    for (const [key, text] of Object.entries(fr)) {
      const other = english[key] ?? english[key.replace(/_many$/, "_other")];
      if (other !== undefined) expect(places(other), key).toEqual(places(text));
    }
  });
  it("have a word for every key that the source asks for", () => {
    const sources = import.meta.glob<string>("/src/**/*.tsx", { query: "?raw", import: "default", eager: true });
    const asked = Object.values(sources).flatMap((text) => [...text.matchAll(/\bt\("([^"]+)"/g)].map((m) => m[1] ?? ""));
    expect(asked.length).toBeGreaterThan(60);
    expect(asked.filter((key) => key && !base(fr).has(key))).toEqual([]);
  });
});

describe("formats", () => {
  it("speaks both languages", () => {
    expect(formats("fr").duration(492).replace(/\s/g, " ")).toBe("8 min 12 s");
    expect(formats("en").size(2_700_000)).toBe("2.7 MB");
    expect(formats("fr").size(2_700_000).replace(/\s/g, " ")).toBe("2,7 Mo");
    expect(formats("fr").percent(0.208).replace(/\s/g, " ")).toBe("21 %");
  });
});
