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
import { DONE, type MethodOutcome } from './outcome.ts';
import { searchPeople } from './people-search.ts';
import { listHistory } from './presence-history.ts';
import { listOnline } from './presence-online.ts';
import { answerPrivate } from './private-answer.ts';
import { cancelPrivate } from './private-cancel.ts';
import { endPrivate } from './private-end.ts';
import { relayPrivate } from './private-relay.ts';
import { requestPrivate } from './private-request.ts';
import { signalPrivate } from './private-signal.ts';
import type { Services, AuthenticatedSession, UnauthenticatedSession } from './services.ts';
import { resume } from './session-resume.ts';
import { signIn } from './session-sign-in.ts';
import { signOut } from './session-sign-out.ts';
import { setTyping } from './typing-set.ts';

/** Which limit a command draws on. */
export type Rate = 'messages' | 'requests' | 'none';

type Returned<M extends ClientMethod> = M extends RequestMethod
  ? MethodOutcome<M> | Promise<MethodOutcome<M>>
  : M extends ClientNotification
    ? void
    : never;

/** Signs in; refused on a connection that has signed in. */
interface UnauthenticatedCommand<M extends ClientMethod> {
  readonly access: 'unauthenticated';
  readonly handle: (services: Services, session: UnauthenticatedSession, params: ClientParams<M>) => Returned<M>;
}

/** Needs a session. */
interface AuthenticatedCommand<M extends ClientMethod> {
  readonly access: 'authenticated';
  readonly rate: Rate;
  /** Whether it is an action of the person, or of the program alone (B5). */
  readonly action: boolean;
  readonly handle: (
    services: Services,
    session: AuthenticatedSession,
    params: ClientParams<M>,
    request: PendingRequest,
  ) => Returned<M>;
}

/** Answered before and after sign-in. */
interface OpenCommand<M extends ClientMethod> {
  readonly access: 'any';
  readonly rate: Rate;
  readonly handle: () => Returned<M>;
}

export type Command<M extends ClientMethod> = UnauthenticatedCommand<M> | AuthenticatedCommand<M> | OpenCommand<M>;

function authenticated<M extends ClientMethod>(
  handle: AuthenticatedCommand<M>['handle'],
  rate: Rate = 'requests',
  action = true,
): AuthenticatedCommand<M> {
  return { access: 'authenticated', rate, action, handle };
}

/** Every method and what stands behind it. A method of the protocol without a row does not compile. */
export const COMMANDS: { readonly [M in ClientMethod]: Command<M> } = {
  'account.register': { access: 'unauthenticated', handle: register },
  'session.signIn': { access: 'unauthenticated', handle: signIn },
  'session.resume': { access: 'unauthenticated', handle: resume },
  'session.ping': { access: 'any', rate: 'requests', handle: () => DONE },
  'session.signOut': authenticated<'session.signOut'>(signOut),
  'session.activity': authenticated<'session.activity'>(() => undefined),
  'account.changePassword': authenticated<'account.changePassword'>(changePassword),
  'account.delete': authenticated<'account.delete'>(deleteAccount),
  'people.search': authenticated<'people.search'>(searchPeople),
  'presence.online': authenticated<'presence.online'>(listOnline),
  'presence.history': authenticated<'presence.history'>(listHistory),
  'message.send': authenticated<'message.send'>(sendMessage, 'messages'),
  'message.confirm': authenticated<'message.confirm'>(confirmMessages, 'none', false),
  'message.broadcast': authenticated<'message.broadcast'>(broadcast, 'messages'),
  'typing.set': authenticated<'typing.set'>(setTyping),
  'blacklist.add': authenticated<'blacklist.add'>(block),
  'blacklist.remove': authenticated<'blacklist.remove'>(unblock),
  'blacklist.list': authenticated<'blacklist.list'>(listBlocked),
  'private.request': authenticated<'private.request'>(requestPrivate),
  'private.answer': authenticated<'private.answer'>(answerPrivate),
  'private.signal': authenticated<'private.signal'>(signalPrivate, 'requests', false),
  'private.cancel': authenticated<'private.cancel'>(cancelPrivate),
  'private.end': authenticated<'private.end'>(endPrivate),
  'private.relay': authenticated<'private.relay'>(relayPrivate, 'requests', false),
};
