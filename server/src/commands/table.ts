import type {
  ClientMethod,
  ClientNotification,
  ClientParams,
  RequestMethod,
} from '../../../src/shared/protocol/messages.ts';
import type { PendingRequest } from '../domain/pending-message.ts';
import { handleChangePassword } from './account-change-password.ts';
import { handleDeleteAccount } from './account-delete.ts';
import { handleRegister } from './account-register.ts';
import { handleBlock } from './blacklist-add.ts';
import { handleListBlocked } from './blacklist-list.ts';
import { handleUnblock } from './blacklist-remove.ts';
import { handleBroadcast } from './message-broadcast.ts';
import { handleConfirmMessages } from './message-confirm.ts';
import { handleSendMessage } from './message-send.ts';
import { DONE, type MethodOutcome } from './outcome.ts';
import { handleSearchPeople } from './people-search.ts';
import { handleListHistory } from './presence-history.ts';
import { handleListOnline } from './presence-online.ts';
import { handleAnswerPrivate } from './private-answer.ts';
import { handleCancelPrivate } from './private-cancel.ts';
import { handleEndPrivate } from './private-end.ts';
import { handleRelayPrivate } from './private-relay.ts';
import { handleRequestPrivate } from './private-request.ts';
import { handleSignalPrivate } from './private-signal.ts';
import type { Services, AuthenticatedSession, UnauthenticatedSession } from './services.ts';
import { handleResume } from './session-resume.ts';
import { handleSignIn } from './session-sign-in.ts';
import { handleSignOut } from './session-sign-out.ts';
import { handleSetTyping } from './typing-set.ts';

/** The rate limit of a command. */
export type Rate = 'messages' | 'requests' | 'none';

type Returned<M extends ClientMethod> = M extends RequestMethod
  ? MethodOutcome<M> | Promise<MethodOutcome<M>>
  : M extends ClientNotification
    ? void
    : never;

/** Signs in; refused on a connection with a session. */
interface UnauthenticatedCommand<M extends ClientMethod> {
  readonly access: 'unauthenticated';
  readonly handle: (services: Services, session: UnauthenticatedSession, params: ClientParams<M>) => Returned<M>;
}

/** Needs a session. */
interface AuthenticatedCommand<M extends ClientMethod> {
  readonly access: 'authenticated';
  readonly rate: Rate;
  /** Whether the command is an action of the user, not of the program alone (B5). */
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

export type ServerCommand<M extends ClientMethod> =
  | UnauthenticatedCommand<M>
  | AuthenticatedCommand<M>
  | OpenCommand<M>;

function authenticated<M extends ClientMethod>(
  handle: AuthenticatedCommand<M>['handle'],
  rate: Rate = 'requests',
  action = true,
): AuthenticatedCommand<M> {
  return { access: 'authenticated', rate, action, handle };
}

/** The command of every method. A method of the protocol without a row does not compile. */
export const SERVER_COMMANDS: { readonly [M in ClientMethod]: ServerCommand<M> } = {
  'account.register': { access: 'unauthenticated', handle: handleRegister },
  'session.signIn': { access: 'unauthenticated', handle: handleSignIn },
  'session.resume': { access: 'unauthenticated', handle: handleResume },
  'session.ping': { access: 'any', rate: 'requests', handle: () => DONE },
  'session.signOut': authenticated<'session.signOut'>(handleSignOut),
  'session.activity': authenticated<'session.activity'>(() => undefined),
  'account.changePassword': authenticated<'account.changePassword'>(handleChangePassword),
  'account.delete': authenticated<'account.delete'>(handleDeleteAccount),
  'people.search': authenticated<'people.search'>(handleSearchPeople),
  'presence.online': authenticated<'presence.online'>(handleListOnline),
  'presence.history': authenticated<'presence.history'>(handleListHistory),
  'message.send': authenticated<'message.send'>(handleSendMessage, 'messages'),
  'message.confirm': authenticated<'message.confirm'>(handleConfirmMessages, 'none', false),
  'message.broadcast': authenticated<'message.broadcast'>(handleBroadcast, 'messages'),
  'typing.set': authenticated<'typing.set'>(handleSetTyping),
  'blacklist.add': authenticated<'blacklist.add'>(handleBlock),
  'blacklist.remove': authenticated<'blacklist.remove'>(handleUnblock),
  'blacklist.list': authenticated<'blacklist.list'>(handleListBlocked),
  'private.request': authenticated<'private.request'>(handleRequestPrivate),
  'private.answer': authenticated<'private.answer'>(handleAnswerPrivate),
  'private.signal': authenticated<'private.signal'>(handleSignalPrivate, 'requests', false),
  'private.cancel': authenticated<'private.cancel'>(handleCancelPrivate),
  'private.end': authenticated<'private.end'>(handleEndPrivate),
  'private.relay': authenticated<'private.relay'>(handleRelayPrivate, 'requests', false),
};
