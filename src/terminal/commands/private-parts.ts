import type { IdentityTrust, PrivatePath } from '../../shared/client-api/private-view.ts';
import { terminalText } from '../../shared/text/terminal.ts';
import { printable } from '../printable.ts';

const { private: texts } = terminalText;

const GROUPS_PER_ROW = 4;

/** The path of a private session (F4). */
export function pathText(path: PrivatePath): string {
  return path.kind === 'relayed' ? texts.paths.relayed() : texts.paths[path.kind](printable(path.address));
}

/** The safety number in rows of groups, with the next step (F8). */
export function safetyText(name: string, digits: string, identity: IdentityTrust): string {
  const groups = digits.split(' ');
  const rows: string[] = [];
  for (let start = 0; start < groups.length; start += GROUPS_PER_ROW) {
    rows.push(`    ${groups.slice(start, start + GROUPS_PER_ROW).join(' ')}`);
  }
  const command = identity === 'changed' ? `accept ${name}` : `verify ${name}`;
  const next = identity === 'verified' ? texts.safetyVerified : texts.safetySame(command);
  return texts.safety(name, texts.identities[identity], rows.join('\n'), next);
}

/** Rounded up, and at most the minute that the server gives. */
export function secondsLeft(until: number, now: number): number {
  return Math.max(0, Math.min(60, Math.ceil((until - now) / 1000)));
}
