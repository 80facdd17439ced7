import { EVERYONE, conversationWith } from '../../shared/client-api/conversation-id.ts';
import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { PrivateMessage, PrivateSessionView } from '../../shared/client-api/private-view.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import { previewOf } from '../text/preview.ts';
import type { Actions } from './actions.ts';
import { seenTab } from './private-sessions.ts';
import type { WindowState } from './window-state.ts';

/** Longest preview of a message in a notification or an announcement, in characters. */
const PREVIEW_CHARACTERS = 140;

/** Reacts to an event after the state has changed: announces, notifies, marks as read. */
export function reactToEvent(event: NumberedEvent, state: WindowState, actions: Actions): void {
  switch (event.name) {
    case 'message.added':
      messageAdded(event.params.message, state, actions);
      return;
    case 'conversation.read':
      actions.unread.publish();
      return;
    case 'history.replaced':
      actions.unread.publish();
      if (state.chosen !== undefined) void actions.threads.loadOlder(state.chosen);
      return;
    case 'server.greeted':
      actions.clockWarning.check(state);
      return;
    case 'private.changed':
      privateSessionChanged(event.params.session, actions);
      return;
    case 'private.message':
      privateMessageAdded(event.params.message, state, actions);
      return;
    case 'private.undelivered':
      actions.privateSessions.undelivered(event.params.username, event.params.ids.length);
      return;
    case 'private.identityChanged':
      actions.privateSessions.identityChanged(event.params.username);
      return;
    case 'private.warning': {
      const { username, fault } = event.params;
      actions.privateSessions.warned(username, fault);
      return;
    }
    case 'private.identitySettled':
    case 'private.delivered':
    case 'private.typing':
    case 'addressRule.replaced':
    case 'certificate.pinned':
    case 'presence.changed':
    case 'message.changed':
    case 'message.removed':
    case 'connection.changed':
    case 'session.started':
    case 'people.replaced':
    case 'outbox.changed':
    case 'typing.changed':
    case 'blacklist.replaced':
      return;
  }
}

function privateSessionChanged({ username, state }: PrivateSessionView, actions: Actions): void {
  switch (state.state) {
    case 'asked':
      actions.privateSessions.begun(username);
      actions.privateSessions.requested(username);
      return;
    case 'asking':
    case 'connecting':
    case 'open':
      actions.privateSessions.begun(username);
      return;
    case 'ended': {
      actions.privateSessions.ended(username, state.ending);
      // The messages through the server may be visible now.
      actions.navigation.markVisibleRead();
      return;
    }
  }
}

function privateMessageAdded({ username, text, incoming }: PrivateMessage, state: WindowState, actions: Actions): void {
  if (!incoming) return;
  const isSeen = seenTab(state, conversationWith(username)) === 'private';
  if (isSeen) actions.announcer.announce(`${username}: ${previewOf(text, PREVIEW_CHARACTERS)}`);
  else actions.privateSessions.arrivedUnseen(username);
}

function messageAdded(message: Message, state: WindowState, actions: Actions): void {
  const { conversation, from, text, incoming, isPrivate } = message;
  if (!incoming) {
    // The user's own message becomes visible, wherever the thread is scrolled to.
    if (state.chosen === conversation) void actions.threads.scrollToEnd(conversation);
    return;
  }
  actions.unread.publish();
  const preview = previewOf(text, PREVIEW_CHARACTERS);
  if (seenTab(state, conversation) === 'server') {
    actions.announcer.announce(`${from}: ${preview}`);
    actions.threads.markRead();
    return;
  }
  if (isPrivate === true) {
    // `private.message` tells the user of it.
    actions.threads.keptPrivate(message);
    return;
  }
  actions.threads.markNew(message);
  const raised = actions.notifications.raise({ conversation, title: from, body: preview });
  if (raised && conversation !== EVERYONE) actions.announcer.announce(`${from}: ${preview}`);
}
