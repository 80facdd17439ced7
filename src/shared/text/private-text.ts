import type { PrivateEnding } from '../client-api/private-view.ts';
import type { Strings } from './en.ts';

/** Why a session or request is over; the client's own sentence for a reason that this catalogue does not have. */
export function endingText({ aside }: Strings, username: string, { reason, fault, text }: PrivateEnding): string {
  const endings: Readonly<Record<string, (name: string) => string>> = aside.endings;
  const sentence = Object.hasOwn(endings, reason) ? endings[reason]?.(username) : undefined;
  if (sentence === undefined) return text;
  const more = fault === undefined ? undefined : faultText(aside.faults, fault);
  return more === undefined ? sentence : `${sentence} ${more}`;
}

/** A warning about an introduction, or about what could not be done as promised. */
export function warningText({ aside }: Strings, username: string, fault: string, text: string): string {
  const sentence = faultText(aside.faults, fault);
  if (sentence === undefined) return text;
  return fault === 'storage' ? sentence : `${aside.endings.introduction(username)} ${sentence}`;
}

function faultText(faults: Readonly<Record<string, string>>, fault: string): string | undefined {
  return Object.hasOwn(faults, fault) ? faults[fault] : undefined;
}
