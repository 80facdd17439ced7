import type { ServerMethod, ServerNotification, ServerParams } from '../../shared/protocol/messages.ts';
import { clockOffsetOf } from '../connection/clock-offset.ts';
import { EVERYONE } from '../../shared/client-api/conversation-id.ts';
import type { Core } from './core.ts';

/** One handler for each notification of the server; a notification without a handler does not compile. */
type InboundHandlers = { readonly [M in ServerMethod]: (core: Core, params: ServerParams<M>) => void };

const INBOUND: InboundHandlers = {
  hello(core, { server, policy, limits, now }) {
    // A little slower than the server allows: clocks are not exact, and its bucket must not be empty first.
    const perSecond = limits.messagesPerSecond * 0.95;
    core.sendRate.resize(perSecond, Math.max(1, limits.messageBurst), core.ports.clock.now());
    const clockOffset = clockOffsetOf(now, core.ports.clock.now());
    core.emit('server.greeted', { server, policy, limits, clockOffset });
    core.connector.greeted(server.id);
  },
  'presence.changed': (core, params) => core.emit('presence.changed', params),
  // Stored first; shown and confirmed when the messages of the same chunk are on disk (D3).
  'message.new': (core, params) => core.inbox.receive(params, core.view().username ?? ''),
  'message.settled': (core, params) => core.inbox.receiveSettled(params),
  'broadcast.new': (core, { id, from, text, at }) =>
    core.historyBatch.receive({ id, conversation: EVERYONE, from, text, at }),
  'typing.changed'(core, params) {
    core.typing.onTyping(params.username, params.typing);
    core.emit('typing.changed', params);
  },
  'session.ended': (core, params) => core.connector.sessionEnded(params),
  'private.requested': (core, params) => core.privateSessions.manager.requested(params),
  'private.answered': (core, params) => core.privateSessions.manager.answered(params),
  'private.signal': (core, params) => core.privateSessions.manager.signal(params),
  'private.ended': (core, params) => core.privateSessions.manager.ended(params),
};

function dispatch<M extends ServerMethod>(core: Core, method: M, params: ServerParams<M>): void {
  INBOUND[method](core, params);
}

/** Hands a verified notification to its handler. */
export function handleInbound(core: Core, notification: ServerNotification): void {
  dispatch(core, notification.method, notification.params);
}
