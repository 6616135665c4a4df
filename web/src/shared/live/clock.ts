let skew = 0;

/** Learns how far this device's clock is off from the `Date` of an answer. */
export function learnClock(date: string | null): void {
  const told = date === null ? NaN : Date.parse(date);
  if (Number.isNaN(told)) return;
  const off = told + 500 - Date.now(); // the header has whole seconds
  skew = Math.abs(off) > 2000 ? off : 0;
}

/** The server's time: what `resumeAt` is counted against. */
export const serverNow = (): number => Date.now() + skew;
