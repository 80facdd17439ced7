import type {
  ClientMethod,
  ClientNotification,
  ClientParams,
  RequestMethod,
} from '../../../src/shared/protocol/messages.ts';
import type { PendingRequest } from '../domain/pending-message.ts';
import { changePassword } from './account-change-password.ts';
import { deleteAccount } from './account-delete.ts';
import { register } from './account-register.ts';
import { block } from './blacklist-add.ts';
import { listBlocked } from './blacklist-list.ts';
import { unblock } from './blacklist-remove.ts';
import { broadcast } from './message-broadcast.ts';
import { confirmMessages } from './message-confirm.ts';
import { sendMessage } from './message-send.ts';
import { DONE, type OutcomeOf } from './outcome.ts';
import { searchPeople } from './people-search.ts';
import { listHistory } from './presence-history.ts';
import { listOnline } from './presence-online.ts';
import { answerPrivate } from './private-answer.ts';
import { cancelPrivate } from './private-cancel.ts';
import { endPrivate } from './private-end.ts';
import { relayPrivate } from './private-relay.ts';
import { requestPrivate } from './private-request.ts';
import { signalPrivate } from './private-signal.ts';
import type { Services, SignedInSession, StrangerSession } from './services.ts';
import { resume } from './session-resume.ts';
import { signIn } from './session-sign-in.ts';
import { signOut } from './session-sign-out.ts';
import { setTyping } from './typing-set.ts';

/** Which limit a command draws on. */
export type Rate = 'messages' | 'requests' | 'none';

type Returned<M extends ClientMethod> = M extends RequestMethod
  ? OutcomeOf<M> | Promise<OutcomeOf<M>>
  : M extends ClientNotification
    ? void
    : never;

/** Signs in; refused on a connection that has signed in. */
interface StrangerCommand<M extends ClientMethod> {
  readonly from: 'stranger';
  readonly handle: (services: Services, session: StrangerSession, params: ClientParams<M>) => Returned<M>;
}

/** Needs a session. */
interface PersonCommand<M extends ClientMethod> {
  readonly from: 'signed-in';
  readonly rate: Rate;
  /** Whether it is an action of the person, or of the program alone (B5). */
  readonly action: boolean;
  readonly handle: (
    services: Services,
    session: SignedInSession,
    params: ClientParams<M>,
    request: PendingRequest,
  ) => Returned<M>;
}

/** Answered before and after sign-in. */
interface AnyoneCommand<M extends ClientMethod> {
  readonly from: 'anyone';
  readonly rate: Rate;
  readonly handle: () => Returned<M>;
}

export type Command<M extends ClientMethod> = StrangerCommand<M> | PersonCommand<M> | AnyoneCommand<M>;

function person<M extends ClientMethod>(
  handle: PersonCommand<M>['handle'],
  rate: Rate = 'requests',
  action = true,
): PersonCommand<M> {
  return { from: 'signed-in', rate, action, handle };
}

/** Every method and what stands behind it. A method of the protocol without a row does not compile. */
export const COMMANDS: { readonly [M in ClientMethod]: Command<M> } = {
  'account.register': { from: 'stranger', handle: register },
  'session.signIn': { from: 'stranger', handle: signIn },
  'session.resume': { from: 'stranger', handle: resume },
  'session.ping': { from: 'anyone', rate: 'requests', handle: () => DONE },
  'session.signOut': person<'session.signOut'>(signOut),
  'session.activity': person<'session.activity'>(() => undefined),
  'account.changePassword': person<'account.changePassword'>(changePassword),
  'account.delete': person<'account.delete'>(deleteAccount),
  'people.search': person<'people.search'>(searchPeople),
  'presence.online': person<'presence.online'>(listOnline),
  'presence.history': person<'presence.history'>(listHistory),
  'message.send': person<'message.send'>(sendMessage, 'messages'),
  'message.confirm': person<'message.confirm'>(confirmMessages, 'none', false),
  'message.broadcast': person<'message.broadcast'>(broadcast, 'messages'),
  'typing.set': person<'typing.set'>(setTyping),
  'blacklist.add': person<'blacklist.add'>(block),
  'blacklist.remove': person<'blacklist.remove'>(unblock),
  'blacklist.list': person<'blacklist.list'>(listBlocked),
  'private.request': person<'private.request'>(requestPrivate),
  'private.answer': person<'private.answer'>(answerPrivate),
  'private.signal': person<'private.signal'>(signalPrivate, 'requests', false),
  'private.cancel': person<'private.cancel'>(cancelPrivate),
  'private.end': person<'private.end'>(endPrivate),
  'private.relay': person<'private.relay'>(relayPrivate, 'requests', false),
};
