import type { ConnectionState } from '../shared/client-api/connection-state.ts';
import { en } from '../shared/text/en.ts';
import type { Answer, Happening } from './happening.ts';
import { printable, printableLines } from './printable.ts';
import { renderPrivate, renderPrivateAnswer } from './render-private.ts';

/** What a person reads of a happening; undefined: nothing. May have several lines, without the last line end. */
export function renderText(happening: Happening): string | undefined {
  switch (happening.event) {
    case 'connection':
      return connectionText(happening);
    case 'certificate':
      return happening.replaced
        ? `The changed certificate of the server is accepted and remembered:\n    ${happening.fingerprint}`
        : `First connection to this server. The fingerprint of its certificate, remembered from now on:\n    ${happening.fingerprint}`;
    case 'signed-in':
      return signedInText(happening);
    case 'joined':
      return `[${printable(happening.username)}] joined the chat`;
    case 'left':
      return `[${printable(happening.username)}] left the chat${departure(happening.reason)}`;
    case 'message':
      return `${printable(happening.from)}: ${printableLines(happening.text)}`;
    case 'broadcast':
      return `${printable(happening.from)} (to everyone): ${printableLines(happening.text)}`;
    case 'typing':
      return undefined;
    case 'sent':
      return sentText(happening);
    case 'private':
    case 'private-message':
    case 'private-sent':
    case 'private-typing':
    case 'private-keep':
    case 'private-identity':
    case 'identity-changed':
    case 'private-warning':
      return renderPrivate(happening);
    case 'answer':
      return answerText(happening);
    case 'error':
      return `${printableLines(happening.text)}${waitText(happening.retryAfterMs)}${attemptsText(happening.attemptsLeft)}`;
  }
}

function connectionText(state: ConnectionState): string | undefined {
  switch (state.state) {
    case 'waiting-to-reconnect': {
      // Once is enough: a night without a network must not fill the screen.
      if (state.attempt > 1) return undefined;
      const { kind, detail } = state.problem;
      const more = kind === 'rejected' && detail !== undefined ? ` ${printable(detail)}` : '';
      return `(offline) ${en.problems[kind]}${more} Trying again by itself; what you write meanwhile is sent then.`;
    }
    case 'signed-out':
      return state.reason === 'by-you' ? undefined : `${en.signedOut[state.reason]}${waitText(state.retryAfterMs)}`;
    case 'untrusted':
      return state.unreadable === true
        ? unreadableText(state.presented)
        : untrustedText(state.expected, state.presented);
    case 'idle':
    case 'connecting':
    case 'signing-in':
    case 'online':
      return undefined;
  }
}

/** Names both certificates and how to accept the new one (G1). */
function untrustedText(expected: string, presented: string): string {
  return `The server shows another certificate than before, so nothing was sent to it.
    known:     ${expected}
    presented: ${presented}
Either somebody stands in between, or the server was set up anew. Ask who runs it, over another way, for the
fingerprint. If it is the presented one, start again with
    --accept-certificate ${presented}`;
}

function unreadableText(presented: string): string {
  return `What this computer remembers of the server's certificate is damaged, so nothing was sent to it.
    presented: ${presented}
Ask who runs the server, over another way, for the fingerprint. If it is the presented one, start again with
    --accept-certificate ${presented}`;
}

function signedInText({ username, waiting, online, resumed }: Extract<Happening, { event: 'signed-in' }>): string {
  const lines = [resumed ? `(online) Signed in as ${printable(username)}.` : `Welcome, ${printable(username)}.`];
  const shown = online.slice(0, 10).map(printable).join(', ');
  const more = online.length > 10 ? ` and ${online.length - 10} more` : '';
  lines.push(online.length === 0 ? 'Nobody else is online.' : `Online: ${shown}${more}.`);
  if (waiting > 0)
    lines.push(
      waiting === 1 ? 'One message came while you were away:' : `${waiting} messages came while you were away:`,
    );
  return lines.join(waiting > 0 ? '\n' : ' ');
}

function departure(reason: string | undefined): string {
  return DEPARTURES[reason ?? ''] ?? '';
}

/** Signing out, and another session taking over, are nothing that the others need to wonder about. */
const DEPARTURES: Readonly<Record<string, string>> = {
  'timed-out': ' (timed out)',
  'connection-lost': ' (connection lost)',
};

function sentText({ to, status, reason, text }: Extract<Happening, { event: 'sent' }>): string {
  const name = printable(to);
  switch (status) {
    case 'queued':
      return `→ ${name}: waiting for the connection`;
    case 'stored':
      return `→ ${name}: stored for the next sign-in`;
    case 'delivered':
      return `→ ${name}: delivered`;
    case 'refused':
      return `→ ${name}: not sent. ${printable(text ?? reason ?? '')}`;
  }
}

function answerText(answer: Answer): string | undefined {
  switch (answer.command) {
    case 'whoelse':
      return list(
        answer.users.map(({ username, since }) => `${printable(username)} (since ${time(since)})`),
        'Nobody else is online.',
      );
    case 'whoelsesince':
      return list(
        answer.users.map(
          ({ username, intervals }) => `${printable(username)} (${intervals.map(intervalText).join(', ')})`,
        ),
        'Nobody else was online.',
      );
    case 'search':
      return list(
        answer.users.map(({ username, online }) => `${printable(username)}${online ? ' (online)' : ''}`),
        'Nobody has a name like that.',
      );
    case 'blacklist':
      return list(answer.users.map(printable), 'You have not blocked anybody.');
    case 'broadcast':
      return broadcastText(answer.recipients, answer.someBlocked);
    case 'outbox':
      return list(
        answer.messages.map(
          ({ to, text, attempted }, index) =>
            `${index + 1}. ${printable(to)}: ${summary(text)}${attempted ? ' (on its way)' : ''}`,
        ),
        'No message is waiting.',
      );
    case 'find':
      return foundText(answer);
    case 'help':
      return answer.text.trimEnd();
    case 'block':
      return `${printable(answer.user)} is blocked.`;
    case 'unblock':
      return `${printable(answer.user)} is no longer blocked.`;
    case 'cancel':
      return 'That message will not be sent.';
    case 'password':
      return 'Your password is changed.';
    case 'delete-account':
      return 'Your account is deleted.';
    case 'logout':
      return undefined;
    case 'startprivate':
    case 'yes':
    case 'no':
    case 'stopprivate':
    case 'aside':
    case 'safety':
    case 'verify':
    case 'accept':
    case 'keep':
    case 'reveal':
      return renderPrivateAnswer(answer);
  }
}

function broadcastText(recipients: number, someBlocked: boolean): string {
  const reached = recipients === 0 ? 'nobody' : recipients === 1 ? 'one person' : `${recipients} people`;
  return `→ everyone: ${reached}${someBlocked ? ', some could not be reached' : ''}`;
}

function foundText({ messages, more }: Extract<Answer, { command: 'find' }>): string {
  const lines = messages.map(({ from, to, text, at }) => {
    return `${time(at)} ${printable(from)} → ${to === undefined ? 'everyone' : printable(to)}: ${summary(text)}`;
  });
  if (lines.length === 0) {
    return more ? 'Not among the newest messages here. Look for a longer part.' : 'No message here has that.';
  }
  return more ? ['(There may be older ones; more words find fewer.)', ...lines].join('\n') : lines.join('\n');
}

function list(lines: readonly string[], none: string): string {
  return lines.length === 0 ? none : lines.join('\n');
}

function summary(text: string): string {
  const line = printable(text);
  return line.length <= 60 ? line : `${line.slice(0, 59).toWellFormed()}…`;
}

function intervalText([from, to]: readonly [number, number | null]): string {
  return `${time(from)} to ${to === null ? 'now' : time(to)}`;
}

/** The local time; with the day where it is not today. */
function time(at: number): string {
  const date = new Date(at);
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  if (date.toDateString() === new Date().toDateString()) return clock;
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${clock}`;
}

function pad(part: number): string {
  return String(part).padStart(2, '0');
}

function waitText(milliseconds: number | undefined): string {
  if (milliseconds === undefined || milliseconds <= 0) return '';
  const seconds = Math.ceil(milliseconds / 1000);
  return ` Try again in ${seconds} second${seconds === 1 ? '' : 's'}.`;
}

function attemptsText(left: number | undefined): string {
  if (left === undefined) return '';
  return left === 1 ? ' One attempt is left.' : ` ${left} attempts are left.`;
}
