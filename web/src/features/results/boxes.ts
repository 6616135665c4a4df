import type { EvidenceFile, Observation } from "@/shared/api/types";

/** A box in percent of the picture's width and height. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const clamp = (x: number) => Math.min(100, Math.max(0, x));

function of(x1: number, y1: number, x2: number, y2: number): Box | null {
  const [left, right, top, bottom] = [clamp(Math.min(x1, x2)), clamp(Math.max(x1, x2)), clamp(Math.min(y1, y2)), clamp(Math.max(y1, y2))];
  return right > left && bottom > top ? { left, top, width: right - left, height: bottom - top } : null;
}

/** `bbox` is in pixels (x1, y1, x2, y2); the model's `box_1000` in thousandths (y, x, y, x). */
export function boxOf(seen: Observation, file: EvidenceFile): Box | null {
  const [width, height] = [Number(file.metadata?.["width"]), Number(file.metadata?.["height"])];
  if (seen.bbox && width > 0 && height > 0) {
    const [x1, y1, x2, y2] = seen.bbox;
    return of((x1 / width) * 100, (y1 / height) * 100, (x2 / width) * 100, (y2 / height) * 100);
  }
  const told = seen.extra?.["box_1000"];
  if (typeof told !== "string") return null;
  try {
    const [y1, x1, y2, x2] = JSON.parse(told) as number[];
    return [y1, x1, y2, x2].every(Number.isFinite)
      ? of((x1 ?? 0) / 10, (y1 ?? 0) / 10, (x2 ?? 0) / 10, (y2 ?? 0) / 10) : null;
  } catch {
    return null;
  }
}
