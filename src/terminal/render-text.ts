import type { ConnectionState } from '../shared/client-api/connection-state.ts';
import { en } from '../shared/text/en.ts';
import { terminalText } from '../shared/text/terminal.ts';
import { TERMINAL_COMMANDS } from './commands/terminal-commands.ts';
import type { OutputEvent } from './output-event.ts';
import { printable, printableLines } from './printable.ts';
import { formatMoment } from './text-parts.ts';
import { renderPrivate } from './render-private.ts';

const { connection: connections, events } = terminalText;

/**
 * The text of an output event, without the last line end; undefined: nothing is printed.
 * @param now milliseconds since 1970 UTC
 */
export function renderText(output: OutputEvent, now = Date.now()): string | undefined {
  switch (output.event) {
    case 'connection':
      return connectionText(output);
    case 'certificate':
      return (output.replaced ? connections.certificateReplaced : connections.certificate)(output.fingerprint);
    case 'clock':
      return en.clock(output.offset);
    case 'signed-in':
      return signedInText(output);
    case 'joined':
      return `${formatMoment(output.at, now)} ${events.joined(printable(output.username))}`;
    case 'left':
      return `${formatMoment(output.at, now)} ${events.left(printable(output.username), departure(output.reason))}`;
    case 'message':
    case 'broadcast':
      return `${formatMoment(output.at, now)} ${events[output.event](printable(output.from), printableLines(output.text))}`;
    case 'typing':
      return undefined;
    case 'sent':
      return sentText(output);
    case 'private':
    case 'private-message':
    case 'private-sent':
    case 'private-typing':
    case 'private-keep':
    case 'private-identity':
    case 'identity-changed':
    case 'private-warning':
      return renderPrivate(output, now);
    case 'answer':
      return TERMINAL_COMMANDS[output.command].print(output.result);
    case 'error':
      return `${printableLines(output.text)}${waitText(output.retryAfterMs)}${attemptsText(output.attemptsLeft)}`;
  }
}

function connectionText(state: ConnectionState): string | undefined {
  switch (state.state) {
    case 'waiting-to-reconnect': {
      // Only the first attempt: a night without a network must not fill the screen.
      if (state.attempt > 1) return undefined;
      const { kind, detail } = state.problem;
      const more = kind === 'rejected' && detail !== undefined ? ` ${printable(detail)}` : '';
      return connections.offline(`${en.problems[kind]}${more}`);
    }
    case 'signed-out':
      return state.reason === 'by-you' ? undefined : `${en.signedOut[state.reason]}${waitText(state.retryAfterMs)}`;
    case 'untrusted':
      return state.unreadable === true
        ? connections.unreadable(state.presented)
        : connections.untrusted(state.expected, state.presented);
    case 'idle':
    case 'connecting':
    case 'signing-in':
    case 'online':
      return undefined;
  }
}

/** Usernames shown after signing in. */
const SHOWN = 10;

function signedInText({ username, waiting, online, resumed }: Extract<OutputEvent, { event: 'signed-in' }>): string {
  const names = online.slice(0, SHOWN).map(printable).join(', ');
  const parts = [
    (resumed ? connections.resumed : connections.welcome)(printable(username)),
    online.length === 0 ? connections.noneOnline : connections.online(names, Math.max(0, online.length - SHOWN)),
  ];
  return waiting > 0 ? [...parts, connections.waiting(waiting)].join('\n') : parts.join(' ');
}

function departure(reason: string | undefined): string {
  const known: Readonly<Record<string, string>> = events.departures;
  return reason !== undefined && Object.hasOwn(known, reason) ? (known[reason] ?? '') : '';
}

function sentText({ to, status, reason, text }: Extract<OutputEvent, { event: 'sent' }>): string {
  const name = printable(to);
  return status === 'refused' ? events.refused(name, printable(text ?? reason ?? '')) : events[status](name);
}

function waitText(milliseconds: number | undefined): string {
  if (milliseconds === undefined || milliseconds <= 0) return '';
  return connections.tryAgainIn(Math.ceil(milliseconds / 1000));
}

function attemptsText(left: number | undefined): string {
  return left === undefined || left === 0 ? '' : connections.attemptsLeft(left);
}
