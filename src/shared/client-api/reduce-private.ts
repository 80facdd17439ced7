import type { EventName, EventParams } from './contract.ts';
import type { PrivateConversation } from './private-view.ts';
import type { ViewState } from './view-state.ts';

/** Messages of one private session in the view; older ones are dropped. */
const LINES_MAX = 500;

type PrivateEventName = Extract<EventName, `private.${string}` | 'addressRule.replaced'>;
type Appliers = { readonly [K in PrivateEventName]: (view: ViewState, params: EventParams<K>) => Partial<ViewState> };

/** Appliers of the events of private sessions. An ended session leaves the view with its messages (F7). */
export const PRIVATE_APPLIERS: Appliers = {
  'private.changed': ({ privateSessions }, { session }) => {
    const known = privateSessions.find(({ sid }) => sid === session.sid);
    if (session.state.state === 'ended') return { privateSessions: privateSessions.filter((one) => one !== known) };
    const changed: PrivateConversation = { lines: [], typing: false, ...known, ...session };
    return {
      privateSessions:
        known === undefined
          ? [...privateSessions, changed]
          : privateSessions.map((one) => (one === known ? changed : one)),
    };
  },
  'private.message': (view, { message }) =>
    changeSession(view, message.sid, (session) => {
      const { id, incoming, text, at } = message;
      const lines = [...session.lines.slice(1 - LINES_MAX), { id, incoming, text, at, delivered: incoming }];
      return { ...session, lines, typing: incoming ? false : session.typing };
    }),
  'private.delivered': (view, { sid, ids }) =>
    changeSession(view, sid, (session) => ({
      ...session,
      lines: session.lines.map((line) =>
        !line.incoming && ids.includes(line.id) ? { ...line, delivered: true } : line,
      ),
    })),
  'private.undelivered': () => ({}),
  'private.typing': (view, { sid, typing }) => changeSession(view, sid, (session) => ({ ...session, typing })),
  'private.identityChanged': ({ identitiesChanged }, { username }) => ({
    identitiesChanged: [...identitiesChanged.filter((name) => name !== username), username],
  }),
  'private.identitySettled': ({ identitiesChanged }, { username }) => ({
    identitiesChanged: identitiesChanged.filter((name) => name !== username),
  }),
  'private.warning': () => ({}),
  'addressRule.replaced': (_view, { addressRule }) => ({ addressRule }),
};

function changeSession(
  { privateSessions }: ViewState,
  sid: string,
  change: (session: PrivateConversation) => PrivateConversation,
): Partial<ViewState> {
  return { privateSessions: privateSessions.map((session) => (session.sid === sid ? change(session) : session)) };
}
