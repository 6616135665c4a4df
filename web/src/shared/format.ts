/** Numbers, sizes, times in the reader's language, by Intl. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

export interface Formats {
  size(bytes: number): string;
  time(rfc3339: string | number): string;
  moment(rfc3339: string | number): string;
  /** "8 min 12 s"; at most two units. */
  duration(seconds: number): string;
  percent(ratio: number): string;
  number(value: number): string;
}

const steps = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

export function formats(language: string): Formats {
  const made = new Map<string, Intl.NumberFormat>(); // costly to make: once each
  const unit = (value: number, name: string, digits: number) => {
    const key = name + digits;
    const format = made.get(key) ?? new Intl.NumberFormat(language, {
      style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: digits,
    });
    made.set(key, format);
    return format.format(value);
  };
  const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium", hourCycle: "h23" });
  const both = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
  return {
    size(bytes) {
      const step = Math.min(steps.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
      return unit(bytes / 1000 ** step, steps[step] ?? "byte", step < 2 ? 0 : 1);
    },
    time: (at) => clock.format(new Date(at)),
    moment: (at) => both.format(new Date(at)),
    duration(seconds) {
      const whole = Math.max(0, seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds));
      if (whole < 60) return unit(whole, "second", 1);
      if (whole < 3600) return join(unit(Math.floor(whole / 60), "minute", 0), whole % 60 && unit(Math.round(whole % 60), "second", 0));
      return join(unit(Math.floor(whole / 3600), "hour", 0), Math.floor((whole % 3600) / 60) && unit(Math.floor((whole % 3600) / 60), "minute", 0));
    },
    percent: (ratio) =>
      new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(ratio),
    number: (value) => new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value),
  };
}

const join = (large: string, small: string | 0) => (small ? `${large} ${small}` : large);

export function useFormats(): Formats {
  const { i18n } = useTranslation();
  return useMemo(() => formats(i18n.language), [i18n.language]);
}
