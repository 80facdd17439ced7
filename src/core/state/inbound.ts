import type { ServerMethod, ServerNotification, ServerParams } from '../../shared/protocol/messages.ts';
import type { Core } from './core.ts';
import { broadcastNew } from './inbound/broadcast-new.ts';
import { hello } from './inbound/hello.ts';
import { messageNew } from './inbound/message-new.ts';
import { presenceChanged } from './inbound/presence-changed.ts';
import { privateAnswered } from './inbound/private-answered.ts';
import { privateEnded } from './inbound/private-ended.ts';
import { privateRequested } from './inbound/private-requested.ts';
import { privateSignal } from './inbound/private-signal.ts';
import { sessionEnded } from './inbound/session-ended.ts';
import { typingChanged } from './inbound/typing-changed.ts';

/** What each notification of the server does. A new one without a handler does not compile. */
type Inbound = { readonly [M in ServerMethod]: (core: Core, params: ServerParams<M>) => void };

const INBOUND: Inbound = {
  hello,
  'presence.changed': presenceChanged,
  'message.new': messageNew,
  'broadcast.new': broadcastNew,
  'typing.changed': typingChanged,
  'session.ended': sessionEnded,
  'private.requested': privateRequested,
  'private.answered': privateAnswered,
  'private.signal': privateSignal,
  'private.ended': privateEnded,
};

function dispatch<M extends ServerMethod>(core: Core, method: M, params: ServerParams<M>): void {
  INBOUND[method](core, params);
}

/** Hands a trusted notification to its handler. */
export function handleInbound(core: Core, notification: ServerNotification): void {
  dispatch(core, notification.method, notification.params);
}
