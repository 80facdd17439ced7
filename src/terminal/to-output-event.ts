import type { ConnectionState } from '../shared/client-api/connection-state.ts';
import type { NumberedEvent } from '../shared/client-api/contract.ts';
import { en } from '../shared/text/en.ts';
import { reasonText } from '../shared/text/failure-text.ts';
import type { Message, MessageStatus } from '../shared/client-api/view-state.ts';
import type { OutputEvent } from './output-event.ts';

/**
 * Converts an event of the client to an output event; undefined if the terminal prints nothing.
 * `PrivateEventPrinter` converts events of private sessions, because it knows the earlier ones. `TerminalSession`
 * combines `session.started` and `people.replaced` to `signed-in`.
 */
export function toOutputEvent(event: Exclude<NumberedEvent, { name: `private.${string}` }>): OutputEvent | undefined {
  switch (event.name) {
    case 'connection.changed':
      return { event: 'connection', ...withDetail(event.params.connection) };
    case 'certificate.pinned':
      return { event: 'certificate', ...event.params };
    case 'presence.changed': {
      const { username, online, at, reason } = event.params;
      return online
        ? { event: 'joined', username, at }
        : { event: 'left', username, at, ...(reason === undefined ? {} : { reason }) };
    }
    case 'message.added':
      // A saved private message has its own event.
      return event.params.message.incoming && event.params.message.isPrivate !== true
        ? received(event.params.message)
        : undefined;
    case 'message.changed': {
      const { id, to, status } = event.params;
      return sent(id, to, status);
    }
    case 'typing.changed': {
      const { username, typing } = event.params;
      return { event: 'typing', username, typing };
    }
    case 'server.greeted':
    case 'session.started':
    case 'people.replaced':
    case 'message.removed':
    case 'history.replaced':
    case 'outbox.changed':
    case 'conversation.read':
    case 'blacklist.replaced':
    case 'addressRule.replaced':
      return undefined;
  }
}

/** Adds the sentence for the reason of a rejection. */
function withDetail(connection: ConnectionState): ConnectionState {
  if (connection.state !== 'waiting-to-reconnect') return connection;
  const { reason, ...problem } = connection.problem;
  const detail = problem.detail ?? (reason && reasonText(en, reason));
  return { ...connection, problem: detail === undefined ? problem : { ...problem, detail } };
}

function received({ id, from, to, text, at }: Message): OutputEvent {
  return { event: to === undefined ? 'broadcast' : 'message', id, from, text, at };
}

function sent(id: string, to: string, status: MessageStatus): OutputEvent | undefined {
  switch (status.state) {
    case 'stored':
    case 'delivered':
      return { event: 'sent', id, to, status: status.state };
    case 'refused': {
      const text = reasonText(en, status.reason);
      return {
        event: 'sent',
        id,
        to,
        status: 'refused',
        reason: status.reason,
        ...(text === undefined ? {} : { text }),
      };
    }
    case 'queued':
    case 'received':
    case 'broadcast':
      return undefined;
  }
}
