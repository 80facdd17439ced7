import type { Problem } from '../client-api/connection-state.ts';
import type { Failure } from '../client-api/failure.ts';
import type { Strings } from './en.ts';

type FailureStrings = Pick<Strings, 'failures' | 'failureDetails' | 'problems'>;

/** The sentence for a failure. */
export function failureText(
  strings: FailureStrings,
  { reason, detail, message, problem, attemptsLeft }: Failure,
): string {
  if (problem !== undefined) return problemText(strings, problem);
  // The wrong password that locks the account (B2).
  if (attemptsLeft === 0) return strings.failures.locked;
  if (message !== undefined) return message;
  return detail === undefined ? (reasonText(strings, reason) ?? reason) : strings.failureDetails[detail];
}

/** Why there is no connection: a sentence, with details in parentheses. */
export function problemText(strings: FailureStrings, { kind, detail, reason }: Problem): string {
  const sentence = strings.problems[kind];
  const more = detail ?? (reason === undefined ? undefined : reasonText(strings, reason));
  return more === undefined ? sentence : `${sentence} (${more})`;
}

/** The sentence for a reason; undefined for reasons that this version does not know. */
export function reasonText({ failures }: Pick<Strings, 'failures'>, reason: string): string | undefined {
  const known: Readonly<Record<string, string>> = failures;
  return Object.hasOwn(known, reason) ? known[reason] : undefined;
}
