import type { EventName, EventParams } from './contract.ts';
import type { PrivateConversation } from './private-view.ts';
import type { ViewState } from './view-state.ts';

/** Lines of one private session that the view holds; older ones are gone. */
const ASIDE_LINES = 500;

type PrivateEventName = Extract<EventName, `private.${string}` | 'addressRule.replaced'>;
type Appliers = { readonly [K in PrivateEventName]: (view: ViewState, params: EventParams<K>) => Partial<ViewState> };

/** What events of private sessions make of the view. What is over is gone from it, and so is what was said (F7). */
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
    withTalk(view, message.sid, (talk) => {
      const { id, incoming, text, at } = message;
      const lines = [...talk.lines.slice(1 - ASIDE_LINES), { id, incoming, text, at, delivered: incoming }];
      return { ...talk, lines, typing: incoming ? false : talk.typing };
    }),
  'private.delivered': (view, { sid, ids }) =>
    withTalk(view, sid, (talk) => ({
      ...talk,
      lines: talk.lines.map((line) => (!line.incoming && ids.includes(line.id) ? { ...line, delivered: true } : line)),
    })),
  'private.undelivered': () => ({}),
  'private.typing': (view, { sid, typing }) => withTalk(view, sid, (talk) => ({ ...talk, typing })),
  'private.identityChanged': ({ identitiesChanged }, { username }) => ({
    identitiesChanged: [...identitiesChanged.filter((name) => name !== username), username],
  }),
  'private.identitySettled': ({ identitiesChanged }, { username }) => ({
    identitiesChanged: identitiesChanged.filter((name) => name !== username),
  }),
  'private.warning': () => ({}),
  'addressRule.replaced': (_view, { addressRule }) => ({ addressRule }),
};

function withTalk(
  { privateSessions }: ViewState,
  sid: string,
  change: (talk: PrivateConversation) => PrivateConversation,
): Partial<ViewState> {
  return { privateSessions: privateSessions.map((talk) => (talk.sid === sid ? change(talk) : talk)) };
}
