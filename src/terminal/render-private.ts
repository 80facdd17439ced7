import type { PrivatePath } from '../shared/client-api/private-view.ts';
import { printable, printableLines } from './printable.ts';
import type { PrivateAnswer, PrivateOutputEvent } from './private-output-event.ts';

/** Begins every line of private talk, and no other. */
const ASIDE = '[aside]';
const LOUD = '!!! WARNING:';
const INDENT = '        ';
const GROUPS_A_ROW = 4;

/** What a person reads of talking aside; undefined: nothing. */
export function renderPrivate(output: PrivateOutputEvent, now = Date.now()): string | undefined {
  switch (output.event) {
    case 'private':
      return stateText(output, now);
    case 'private-message':
      return `${ASIDE} ${printable(output.from)}: ${printableLines(output.text, INDENT)}`;
    case 'private-sent': {
      if (output.status === 'sent') return undefined;
      const fate = output.status === 'delivered' ? 'delivered' : 'NOT delivered, the session ended first';
      return `→ ${ASIDE} ${printable(output.to)}: ${fate}`;
    }
    case 'private-typing':
      return undefined;
    case 'private-keep':
      return keepText(output);
    case 'private-identity':
      return identityText(output);
    case 'identity-changed': {
      const name = printable(output.username);
      return `${LOUD} ${name} comes with ANOTHER device identity than before.
    Either ${name} has a new computer, or somebody pretends to be ${name}. Ask in person or by telephone, and
    compare what both of you see: safety ${name}. Only if it is the same: accept ${name}`;
    }
    case 'private-warning':
      return `${LOUD} (${printable(output.username)}) ${printableLines(output.text)}`;
  }
}

/** Which way the words go (F4). */
function pathText(path: PrivatePath): string {
  switch (path.kind) {
    case 'direct-lan':
      return `direct on this network (${printable(path.address)})`;
    case 'direct':
      return `direct (${printable(path.address)})`;
    case 'relayed':
      return 'relayed, still sealed';
  }
}

const IDENTITIES = {
  new: 'not seen before',
  known: 'the same as before, not verified',
  verified: 'verified',
  changed: 'CHANGED',
} as const;

function stateText(output: Extract<PrivateOutputEvent, { event: 'private' }>, now: number): string | undefined {
  const name = printable(output.username);
  switch (output.state) {
    case 'asking':
      // The answer to the command says it, once the server has taken the question.
      return undefined;
    case 'asked': {
      const { note, identity, expiresAt } = output;
      const question = note === undefined ? '.' : `: ${printable(note)}`;
      const choice =
        identity === 'changed'
          ? `first accept ${name}, then yes ${name};  or no ${name}`
          : `yes ${name}  or  no ${name}`;
      return `${ASIDE} ${name} asks to talk aside${question}
${INDENT}Device identity: ${IDENTITIES[identity]}. ${seconds(expiresAt, now)} to answer:  ${choice}`;
    }
    case 'connecting':
      return output.because === 'accepted'
        ? `${ASIDE} ${output.initiator ? `${name} says yes. ` : ''}Connecting…`
        : `${ASIDE} The connection with ${name} is broken; looking for another way…`;
    case 'open': {
      const { path, identity, again } = output;
      if (again) return `${ASIDE} Connected with ${name} again: ${pathText(path)}.`;
      const compare = identity === 'verified' ? '' : ` (compare: safety ${name})`;
      return `${ASIDE} You are talking aside with ${name}: ${pathText(path)}. Nothing of it is kept.
${INDENT}Device identity: ${IDENTITIES[identity]}${compare}. To talk: private ${name} <text>`;
    }
    case 'ended':
      return endText(output, name);
  }
}

/** Ends of which it matters who did it; the others say it themselves. */
function endText(
  { reason, by, initiator, loud, text }: Extract<PrivateOutputEvent, { event: 'private'; state: 'ended' }>,
  name: string,
): string | undefined {
  // The refusal that answers the command says more.
  if (reason === 'refused') return undefined;
  if (loud) return `${LOUD} ${printable(text.replace(/^WARNING: /, ''))}`;
  const you = by === 'you';
  switch (reason) {
    case 'declined':
      return `${ASIDE} ${you ? `You declined to talk aside with ${name}.` : `${name} declined to talk aside.`}`;
    case 'cancelled':
      return `${ASIDE} ${you ? `Your question to ${name} is taken back.` : `${name} took the question back.`}`;
    case 'ended':
      return `${ASIDE} ${you ? 'You' : name} ended the private session${you ? ` with ${name}` : ''}.`;
    case 'expired':
      return `${ASIDE} ${initiator ? `${name} did not answer in time.` : `You did not answer ${name} in time.`}`;
    case 'blocked':
      return `${ASIDE} ${you ? `You have blocked ${name}: talking aside with them is over.` : printable(text)}`;
    default:
      return `${ASIDE} ${printable(text)}`;
  }
}

function keepText({ username, own, peer, by }: Extract<PrivateOutputEvent, { event: 'private-keep' }>): string {
  const name = printable(username);
  if (own && peer) {
    return `${ASIDE} You and ${name} both want it: from now on this session is kept in the history of both.`;
  }
  if (by === 'you') {
    return own
      ? `${ASIDE} ${name} is told that you want this session kept. Nothing is, until ${name} wants it too.`
      : `${ASIDE} From now on nothing of this session with ${name} is kept.`;
  }
  return peer
    ? `${ASIDE} ${name} wants this session kept. Nothing is, unless you want it too: keep ${name} on`
    : `${ASIDE} ${name} does not want this session kept any more: from now on nothing is.`;
}

function identityText({ username, identity }: Extract<PrivateOutputEvent, { event: 'private-identity' }>): string {
  return `${ASIDE} The device identity of ${printable(username)} is now: ${IDENTITIES[identity]}.`;
}

/** What a person reads of an answer; undefined where what happens says it. */
export function renderPrivateAnswer(answer: PrivateAnswer, now = Date.now()): string | undefined {
  switch (answer.command) {
    case 'startprivate': {
      if (answer.expiresAt === undefined) return undefined;
      const name = printable(answer.user);
      return `${ASIDE} Asking ${name} to talk aside (${seconds(answer.expiresAt, now)} to answer; stopprivate ${name} takes it back).`;
    }
    case 'yes':
    case 'no':
    case 'stopprivate':
    case 'keep':
      return undefined;
    case 'safety':
      return safetyText(answer);
    case 'verify':
      return answer.identity === 'verified'
        ? `${printable(answer.user)} is marked as verified.`
        : `${printable(answer.user)} is not marked as verified.`;
    case 'accept': {
      const name = printable(answer.user);
      return `The new device identity of ${name} is accepted, and not verified (compare: safety ${name}).`;
    }
    case 'reveal':
      return revealText(answer);
    case 'aside':
      return answer.sessions.length === 0
        ? 'You are not talking aside with anybody.'
        : answer.sessions.map(({ username, state }) => `${printable(username)}: ${shortState(state)}`).join('\n');
  }
}

function shortState(state: Extract<PrivateAnswer, { command: 'aside' }>['sessions'][number]['state']): string {
  switch (state.state) {
    case 'asking':
      return 'you asked, no answer yet';
    case 'asked':
      return 'asks you';
    case 'connecting':
      return 'connecting';
    case 'open':
      return `${pathText(state.path)}; device identity: ${IDENTITIES[state.trust]}`;
    case 'ended':
      return 'over';
  }
}

function safetyText({ user, digits, identity }: Extract<PrivateAnswer, { command: 'safety' }>): string {
  const name = printable(user);
  const groups = digits.split(' ');
  const rows: string[] = [];
  for (let start = 0; start < groups.length; start += GROUPS_A_ROW) {
    rows.push(`    ${groups.slice(start, start + GROUPS_A_ROW).join(' ')}`);
  }
  const then = identity === 'changed' ? `accept ${name}` : `verify ${name}`;
  const next = identity === 'verified' ? 'You have verified it.' : `The same on both sides? Then: ${then}`;
  return `Safety number with ${name} (device identity: ${IDENTITIES[identity]}):
${rows.join('\n')}
Compare it with what ${name} sees, in person or by telephone, not through this server.
${next}`;
}

function revealText({ reveal, people }: Extract<PrivateAnswer, { command: 'reveal' }>): string {
  const everybody = reveal
    ? 'Those with whom you talk aside learn your address, once both have said yes.'
    : 'Nobody learns your address: new private sessions go through the server, still sealed.';
  const exceptions = Object.entries(people).filter(([, allowed]) => allowed !== reveal);
  if (exceptions.length === 0) return everybody;
  const names = exceptions.map(([name]) => printable(name)).join(', ');
  return `${everybody}\n${reveal ? 'Never these' : 'Only these do'}: ${names}.`;
}

/** Rounded up, and never more than the minute that the server gives. */
function seconds(until: number, now: number): string {
  return `${Math.max(0, Math.min(60, Math.ceil((until - now) / 1000)))} s`;
}
