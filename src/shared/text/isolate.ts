import type { Strings } from './en.ts';

/** Right-to-left letters, and characters that change the direction of the text after them. */
const TURNS =
  /[\u0590-\u08FF\u200E\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';

function isolate(given: unknown): unknown {
  if (typeof given !== 'string' || !TURNS.test(given)) return given;
  return FIRST_STRONG_ISOLATE + given + POP_DIRECTIONAL_ISOLATE;
}

function isolating(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (typeof value === 'function') {
    return (...given: unknown[]): unknown => Reflect.apply(value, undefined, given.map(isolate));
  }
  return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, isolating(inner)]));
}

/**
 * Returns the catalogue with bidi isolates around the values in its sentences: a Hebrew name would otherwise change the
 * order of the text beside it. For displayed text only; copied and sent text never comes from a catalogue.
 */
export function isolateNames(strings: Strings): Strings {
  return isolating(strings) as Strings;
}
