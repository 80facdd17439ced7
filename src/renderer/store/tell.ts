import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { PrivateMessage, PrivateSessionView } from '../../shared/client-api/private-view.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import { previewOf } from '../text/preview.ts';
import type { Actions } from './actions.ts';
import type { AppState } from './app-state.ts';
import { conversationWith, EVERYONE } from './conversations.ts';
import { partInSight } from './private-sessions.ts';

/** Longest text that a notification or a screen reader gets of a message, in characters. */
const PREVIEW_CHARACTERS = 140;

/** Tells the person of what has just happened, beside showing it: read, spoken, notified. */
export function tellOf(event: NumberedEvent, state: AppState, actions: Actions): void {
  switch (event.name) {
    case 'message.added':
      arrived(event.params.message, state, actions);
      return;
    case 'conversation.read':
      actions.tellUnread();
      return;
    case 'history.replaced':
      actions.tellUnread();
      if (state.chosen !== undefined) void actions.threads.loadOlder(state.chosen);
      return;
    case 'private.changed':
      privateSessionChanged(event.params.session, actions);
      return;
    case 'private.message':
      privateMessageArrived(event.params.message, state, actions);
      return;
    case 'private.undelivered':
      actions.privateSessions.undelivered(event.params.username, event.params.ids.length);
      return;
    case 'private.identityChanged':
      actions.privateSessions.identityChanged(event.params.username);
      return;
    case 'private.warning': {
      const { username, fault, text } = event.params;
      actions.privateSessions.warned(username, fault, text);
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
    case 'server.greeted':
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
      actions.privateSessions.asked(username);
      return;
    case 'asking':
    case 'connecting':
    case 'open':
      actions.privateSessions.begun(username);
      return;
    case 'ended': {
      actions.privateSessions.ended(username, state.ending);
      actions.privateSessions.over(username);
      // What goes through the server has taken its place.
      actions.look();
      return;
    }
  }
}

function privateMessageArrived({ username, text, incoming }: PrivateMessage, app: AppState, actions: Actions): void {
  if (!incoming) return;
  const looking = partInSight(app, conversationWith(username)) === 'aside' && document.hasFocus();
  if (looking) actions.announce(`${username}: ${previewOf(text, PREVIEW_CHARACTERS)}`);
  // What was said aside stays out of the system's list of notifications (F7).
  else actions.privateSessions.unseen(username);
}

function arrived(message: Message, app: AppState, actions: Actions): void {
  if (!message.incoming) {
    // What one has written oneself comes into sight, wherever one was reading.
    if (app.chosen === message.conversation) void actions.threads.seekEnd(message.conversation);
    return;
  }
  actions.tellUnread();
  const preview = previewOf(message.text, PREVIEW_CHARACTERS);
  const looking = partInSight(app, message.conversation) === 'server' && document.hasFocus();
  if (looking) {
    actions.announce(`${message.from}: ${preview}`);
    actions.threads.read();
    return;
  }
  const wanted = actions.notify(message.conversation, message.from, preview);
  if (wanted && message.conversation !== EVERYONE) actions.announce(`${message.from}: ${preview}`);
}
