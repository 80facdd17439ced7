import type { Failure } from '../../shared/client-api/failure.ts';
import type { Strings } from '../../shared/text/en.ts';

/** The sentence for a failure: the catalogue's if it has one, else the text that came with the failure. */
export function failureText({ reason, text, problem }: Failure, strings: Strings): string {
  if (problem !== undefined) {
    const sentence = strings.problems[problem.kind];
    return problem.detail === undefined ? sentence : `${sentence} (${problem.detail})`;
  }
  // This reason has many causes, and the failure's own text names the cause.
  if (reason === 'cannot-connect') return text;
  const known: Readonly<Record<string, string>> = strings.failures;
  return Object.hasOwn(known, reason) ? (known[reason] ?? text) : text;
}
