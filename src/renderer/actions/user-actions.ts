import type { RememberedAccount } from '../../shared/client-api/host.ts';
import type { Conversation } from '../../shared/client-api/view-state.ts';
import { writeServer } from '../features/start/server-address.ts';
import type { ActionContext, ActionRecord } from './action-record.ts';

async function answer(
  { actions }: ActionContext,
  username: string,
  accept: boolean,
  hidesAddress = false,
): Promise<void> {
  const done = await actions.client.attempt('private.answer', {
    username,
    accept,
    ...(hidesAddress ? { hideAddress: true as const } : {}),
  });
  if (done && accept) actions.navigation.openUser(username);
}

async function unblock({ actions, strings }: ActionContext, username: string): Promise<void> {
  const done = await actions.client.attempt('blacklist.remove', { username });
  if (done) actions.toasts.show(strings.details.unblocked(username));
}

const IN_PROGRESS: readonly unknown[] = ['connecting', 'open'];

export const askPrivateSession: ActionRecord<string> = {
  id: 'ask-private-session',
  icon: 'lock',
  label: ({ palette }, username) => palette.talkAside(username),
  when: ({ privateSessions }, username) => (privateSessions.get(username) ?? 'ended') === 'ended',
  run: ({ actions }, username) => actions.overlay.show({ kind: 'ask-aside', username }),
};

export const acceptPrivateSession: ActionRecord<string> = {
  id: 'accept-private-session',
  icon: 'lock',
  label: ({ palette }, username) => palette.acceptAside(username),
  when: ({ privateSessions }, username) => privateSessions.get(username) === 'asked',
  run: (context, username) => void answer(context, username, true),
};

/** Accepts without showing an address of this computer (F9). */
export const acceptHiddenPrivateSession: ActionRecord<string> = {
  id: 'accept-hidden-private-session',
  icon: 'lock',
  label: ({ palette }, username) => palette.acceptAsideHidden(username),
  when: ({ privateSessions }, username) => privateSessions.get(username) === 'asked',
  run: (context, username) => void answer(context, username, true, true),
};

export const declinePrivateSession: ActionRecord<string> = {
  id: 'decline-private-session',
  icon: 'close',
  label: ({ palette }, username) => palette.declineAside(username),
  when: ({ privateSessions }, username) => privateSessions.get(username) === 'asked',
  run: (context, username) => void answer(context, username, false),
};

export const cancelPrivateRequest: ActionRecord<string> = {
  id: 'cancel-private-request',
  icon: 'close',
  label: ({ palette }, username) => palette.cancelAside(username),
  when: ({ privateSessions }, username) => privateSessions.get(username) === 'asking',
  run: ({ actions }, username) => void actions.client.attempt('private.cancel', { username }),
};

export const endPrivateSession: ActionRecord<string> = {
  id: 'end-private-session',
  icon: 'lock-open',
  label: ({ palette }, username) => palette.endAside(username),
  when: ({ privateSessions }, username) => IN_PROGRESS.includes(privateSessions.get(username)),
  run: ({ actions }, username) => void actions.privateSessions.end(username),
};

/** Actions about a private session with a user. */
export const PRIVATE_SESSION_ACTIONS = [
  askPrivateSession,
  acceptPrivateSession,
  acceptHiddenPrivateSession,
  declinePrivateSession,
  cancelPrivateRequest,
  endPrivateSession,
];

export const unblockUser: ActionRecord<string> = {
  id: 'unblock-user',
  icon: 'block',
  label: ({ details }, username) => details.unblock(username),
  when: ({ blacklist }, username) => blacklist.includes(username),
  run: (context, username) => void unblock(context, username),
};

export const blockUser: ActionRecord<string> = {
  id: 'block-user',
  icon: 'block',
  danger: true,
  label: ({ details }, username) => details.block(username),
  when: ({ blacklist }, username) => !blacklist.includes(username),
  run: ({ actions }, username) => actions.overlay.show({ kind: 'block', username }),
};

/** All actions about a user. */
export const USER_ACTIONS: readonly ActionRecord<string>[] = [...PRIVATE_SESSION_ACTIONS, unblockUser, blockUser];

export const switchAccount: ActionRecord<RememberedAccount> = {
  id: 'switch-account',
  icon: 'person',
  label: ({ accounts }, { username, server }) => accounts.goOnAs(username, writeServer(server)),
  run: ({ actions }, account) => actions.overlay.show({ kind: 'switch-account', account }),
};

export const openConversation: ActionRecord<Pick<Conversation, 'id' | 'username'>> = {
  id: 'open-conversation',
  icon: 'megaphone',
  label: ({ everyone }, { username }) => username ?? everyone,
  run: ({ actions }, { id, username }) => actions.navigation.choose(id, username),
};

/** Opens the conversation with a user, also if it has no message yet. */
export const openUser: ActionRecord<string> = {
  id: 'open-user',
  icon: 'person',
  label: (_strings, username) => username,
  run: ({ actions }, username) => actions.navigation.openUser(username),
};

export const searchMessages: ActionRecord<string> = {
  id: 'search-messages',
  icon: 'search',
  label: ({ palette }, text) => palette.searchMessages(text),
  when: (_state, text) => text !== '',
  run: ({ actions }, text) => actions.search.open(text, undefined),
};
