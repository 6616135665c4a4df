/**
 * Full jitter: anything up to a bound that doubles, so that the browsers of a
 * restarted server do not come back in step.
 */
export function jitter(attempt: number, random: () => number = Math.random,
                       baseMs = 1000, capMs = 30_000): number {
  const bound = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 20));
  return Math.round(bound * (0.25 + 0.75 * random()));
}
