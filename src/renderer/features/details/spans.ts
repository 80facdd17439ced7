/** Start and end of an online time, milliseconds since 1970 UTC; `null`: the user is still online. */
export type Interval = readonly [from: number, to: number | null];

export interface OnlineTimes {
  readonly username: string;
  readonly intervals: readonly Interval[];
}

export const RANGES = { hour: 3_600, shift: 28_800, day: 86_400, week: 604_800 } as const;
export type RangeName = keyof typeof RANGES;
export const RANGE_NAMES = Object.keys(RANGES) as RangeName[];

/** Distances between two marks of the axis, milliseconds. */
export const TICK_MS: { readonly [R in RangeName]: number } = {
  hour: 15 * 60_000,
  shift: 2 * 3_600_000,
  day: 6 * 3_600_000,
  week: 24 * 3_600_000,
};

/** Round local times within a span, not too near to its edges. */
export function ticksOf(end: number, spanMs: number, step: number): readonly number[] {
  const zone = new Date(end).getTimezoneOffset() * 60_000;
  const begin = end - spanMs;
  const first = Math.ceil((begin - zone + spanMs * 0.04) / step) * step + zone;
  const ticks: number[] = [];
  for (let at = first; at <= end - spanMs * 0.04; at += step) ticks.push(at);
  return ticks;
}

/** One bar of the chart, as fractions of its width. */
export interface Bar {
  readonly from: number;
  readonly to: number | null;
  /** 0 to 1. */
  readonly start: number;
  readonly length: number;
}

/** The intervals that fall into a time span, as bars in it, the earliest first. @param end the right edge; @param spanMs its width */
export function barsOf(intervals: readonly Interval[], end: number, spanMs: number): readonly Bar[] {
  const begin = end - spanMs;
  return intervals
    .flatMap(([from, to]) => {
      const right = Math.min(to ?? end, end);
      // The server's clock may be ahead: show a user who has just come online, too.
      const left = to === null ? Math.min(Math.max(from, begin), end) : Math.max(from, begin);
      if (right < left) return [];
      return [{ from, to, start: (left - begin) / spanMs, length: (right - left) / spanMs }];
    })
    .sort((one, other) => one.from - other.from);
}

/** Sorts by online time, longest first, after the users that are to be on top. */
export function inOrder(
  people: readonly OnlineTimes[],
  end: number,
  spanMs: number,
  top: string | undefined,
): readonly OnlineTimes[] {
  return people
    .map((one) => ({ one, bars: barsOf(one.intervals, end, spanMs) }))
    .filter(({ one, bars }) => one.username === top || bars.length > 0)
    .map(({ one, bars }) => ({ one, length: bars.reduce((sum, bar) => sum + bar.length, 0) }))
    .sort((a, b) => Number(b.one.username === top) - Number(a.one.username === top) || b.length - a.length)
    .map(({ one }) => one);
}
