import type { NumberedEvent } from '../shared/client-api/contract.ts';
import type { PrivateSessionView } from '../shared/client-api/private-view.ts';
import { en } from '../shared/text/en.ts';
import { endingText, warningText } from '../shared/text/private-text.ts';
import type { PrivateOutputEvent } from './private-output-event.ts';

type PrivateEvent = Extract<NumberedEvent, { name: `private.${string}` }>;

/** Whether an event is of a private session. */
export function isPrivate(event: NumberedEvent): event is PrivateEvent {
  return event.name.startsWith('private.');
}

/** Converts events of private sessions to output events; of a session, only what has changed. */
export class PrivateEventPrinter {
  readonly #known = new Map<string, PrivateSessionView>();

  events(event: PrivateEvent): PrivateOutputEvent[] {
    switch (event.name) {
      case 'private.changed':
        return this.#changed(event.params.session);
      case 'private.message': {
        const { message, keep } = event.params;
        const { id, sid, username, incoming, text, at } = message;
        return incoming ? [{ event: 'private-message', id, sid, from: username, text, at, kept: keep }] : [];
      }
      case 'private.delivered':
        return sent(event.params, 'delivered');
      case 'private.undelivered':
        return sent(event.params, 'undelivered');
      case 'private.typing': {
        const { username, typing } = event.params;
        return [{ event: 'private-typing', username, typing }];
      }
      case 'private.identityChanged':
        return [{ event: 'identity-changed', username: event.params.username }];
      case 'private.identitySettled':
        return [];
      case 'private.warning':
        return [warning(event.params)];
    }
  }

  #changed(session: PrivateSessionView): PrivateOutputEvent[] {
    const { sid, username, state, keep } = session;
    const before = this.#known.get(sid);
    if (state.state === 'ended') this.#known.delete(sid);
    else this.#known.set(sid, session);
    const about = { username, sid } as const;
    const events: PrivateOutputEvent[] = [];
    if (before?.state.state !== state.state) events.push(stateOf(session, before));
    else if ('trust' in state && 'trust' in before.state && state.trust !== before.state.trust) {
      events.push({ event: 'private-identity', ...about, identity: state.trust });
    }
    if (before !== undefined && state.state !== 'ended') {
      if (before.keep.own !== keep.own) events.push({ event: 'private-keep', ...about, ...keep, by: 'you' });
      if (before.keep.peer !== keep.peer) events.push({ event: 'private-keep', ...about, ...keep, by: 'peer' });
    }
    return events;
  }
}

function stateOf(
  { sid, username, initiator, state }: PrivateSessionView,
  before: PrivateSessionView | undefined,
): PrivateOutputEvent {
  const about = { event: 'private', username, sid, initiator } as const;
  switch (state.state) {
    case 'asking':
    case 'connecting':
      return { ...about, ...state };
    case 'asked': {
      const { expiresAt, note, trust: identity } = state;
      return { ...about, state: 'asked', expiresAt, identity, ...(note === undefined ? {} : { note }) };
    }
    case 'open': {
      const { path, trust: identity } = state;
      const again = before?.state.state === 'connecting' && before.state.because === 'path-lost';
      return { ...about, state: 'open', path, identity, again };
    }
    case 'ended': {
      const { reason, by, loud } = state.ending;
      const text = endingText(en, username, state.ending);
      return { ...about, state: 'ended', reason, by, loud, text };
    }
  }
}

function warning({
  username,
  fault,
}: Extract<PrivateEvent, { name: 'private.warning' }>['params']): PrivateOutputEvent {
  return { event: 'private-warning', username, fault, text: warningText(en, username, fault) };
}

function sent(
  { sid, username, ids }: { readonly sid: string; readonly username: string; readonly ids: readonly string[] },
  status: 'delivered' | 'undelivered',
): PrivateOutputEvent[] {
  return ids.map((id) => ({ event: 'private-sent', id, sid, to: username, status }));
}
