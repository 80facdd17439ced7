import type { PrivateEnding } from '../client-api/private-view.ts';
import type { Strings } from './en.ts';

/** Why a private session or request is over. A newer host may send an unknown reason: the session has ended then. */
export function endingText({ aside }: Strings, username: string, { reason, fault }: PrivateEnding): string {
  const endings: Readonly<Record<string, (name: string) => string>> = aside.endings;
  const ending = (Object.hasOwn(endings, reason) ? endings[reason] : undefined) ?? aside.endings.ended;
  const more = fault === undefined ? undefined : faultText(aside.faults, fault);
  return more === undefined ? ending(username) : `${ending(username)} ${more}`;
}

/** A warning about an introduction, or that a private conversation is no longer kept. */
export function warningText({ aside }: Strings, username: string, fault: string): string {
  const sentence = faultText(aside.faults, fault);
  if (fault === 'storage' && sentence !== undefined) return sentence;
  const introduction = aside.endings.introduction(username);
  return sentence === undefined ? introduction : `${introduction} ${sentence}`;
}

function faultText(faults: Readonly<Record<string, string>>, fault: string): string | undefined {
  return Object.hasOwn(faults, fault) ? faults[fault] : undefined;
}
