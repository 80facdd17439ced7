import type { Preferences } from './host.ts';

/** Durations of "do not disturb" (G5). */
export type QuietFor = NonNullable<Preferences['quietFor']>;

const HOUR_MS = 3_600_000;
const LENGTHS_MS: Readonly<Record<QuietFor, number>> = { hour: HOUR_MS, evening: 8 * HOUR_MS };
export const QUIET_LENGTHS = Object.keys(LENGTHS_MS) as readonly QuietFor[];

/** An active "do not disturb": its duration and its end, milliseconds since 1970 UTC. */
export interface Quiet {
  readonly for: QuietFor;
  readonly until: number;
}

/**
 * @param now milliseconds since 1970 UTC
 * @returns undefined if notifications are allowed
 */
export function quietOf({ quietUntil = 0, quietFor }: Preferences, now: number): Quiet | undefined {
  if (quietUntil <= now) return undefined;
  // Earlier versions stored only the end.
  return { for: quietFor ?? (quietUntil - now > HOUR_MS ? 'evening' : 'hour'), until: quietUntil };
}

/**
 * @param length duration from now; undefined: notifications are allowed again
 * @param now milliseconds since 1970 UTC
 */
export function withQuiet(
  { quietUntil: _until, quietFor: _for, ...others }: Preferences,
  length: QuietFor | undefined,
  now: number,
): Preferences {
  return length === undefined ? others : { ...others, quietUntil: now + LENGTHS_MS[length], quietFor: length };
}
