import { terminalText } from '../shared/text/terminal.ts';
import { pathText, secondsLeft } from './commands/private-parts.ts';
import { formatMoment } from './text-parts.ts';
import { printable, printableLines } from './printable.ts';
import type { PrivateOutputEvent } from './private-output-event.ts';

const { private: texts } = terminalText;
const INDENT = '        ';

/** The text of an event of private sessions; undefined: nothing is printed. */
export function renderPrivate(output: PrivateOutputEvent, now = Date.now()): string | undefined {
  switch (output.event) {
    case 'private':
      return stateText(output, now);
    case 'private-message':
      return prefixed(
        `${formatMoment(output.at, now)} ${terminalText.events.message(printable(output.from), printableLines(output.text, INDENT))}`,
      );
    case 'private-sent':
      return output.status === 'sent' ? undefined : `→ ${prefixed(`${printable(output.to)}: ${texts[output.status]}`)}`;
    case 'private-typing':
      return undefined;
    case 'private-keep':
      return prefixed(keepText(output));
    case 'private-identity':
      return prefixed(texts.identityNow(printable(output.username), texts.identities[output.identity]));
    case 'identity-changed':
      return `${texts.warning} ${texts.identityChanged(printable(output.username))}`;
    case 'private-warning':
      return `${texts.warning} ${texts.warningAbout(printable(output.username), printableLines(output.text))}`;
  }
}

function prefixed(text: string): string {
  return `${texts.prefix} ${text}`;
}

function stateText(output: Extract<PrivateOutputEvent, { event: 'private' }>, now: number): string | undefined {
  const name = printable(output.username);
  switch (output.state) {
    case 'asking':
      // The answer to the command is printed after the server has accepted the request.
      return undefined;
    case 'asked': {
      const { note, identity, expiresAt } = output;
      const choice = identity === 'changed' ? texts.choiceChanged(name) : texts.choice(name);
      return `${prefixed(texts.asks(name, note === undefined ? undefined : printable(note)))}
${INDENT}${texts.identity(texts.identities[identity])} ${texts.toAnswer(secondsLeft(expiresAt, now), choice)}`;
    }
    case 'connecting':
      if (output.because === 'path-lost') return prefixed(texts.reconnecting(name));
      return prefixed(output.initiator ? texts.accepted(name) : texts.connecting);
    case 'open': {
      const path = pathText(output.path);
      if (output.again) return prefixed(texts.reconnected(name, path));
      const { identity } = output;
      return `${prefixed(texts.open(name, path))}
${INDENT}${texts.openIdentity(texts.identities[identity], name, identity === 'verified')}`;
    }
    case 'ended':
      return endText(output, name);
  }
}

/** Some endings read differently for the user who caused them; the others have one sentence. */
function endText(
  { reason, by, initiator, loud, text }: Extract<PrivateOutputEvent, { event: 'private'; state: 'ended' }>,
  name: string,
): string | undefined {
  // The error that answers the command says more.
  if (reason === 'refused') return undefined;
  if (loud) return `${texts.warning} ${printable(text.replace(/^WARNING: /, ''))}`;
  const you = by === 'you';
  switch (reason) {
    case 'declined':
    case 'cancelled':
    case 'ended':
      return prefixed(texts.endings[reason](name, you));
    case 'expired':
      return prefixed(texts.endings.expired(name, initiator));
    case 'blocked':
      return prefixed(you ? texts.endings.blockedByYou(name) : printable(text));
    default:
      return prefixed(printable(text));
  }
}

function keepText({ username, own, peer, by }: Extract<PrivateOutputEvent, { event: 'private-keep' }>): string {
  const name = printable(username);
  if (own && peer) return texts.keptByBoth(name);
  if (by === 'you') return own ? texts.keepAsked(name) : texts.keepEnded(name);
  return peer ? texts.keepWanted(name) : texts.keepEndedByPeer(name);
}
