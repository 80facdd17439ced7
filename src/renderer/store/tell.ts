import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import type { Actions } from './actions.ts';
import type { AppState } from './app-state.ts';
import { EVERYONE } from './conversations.ts';

/** Longest text that a notification or a screen reader gets of a message, in characters. */
const GLIMPSE = 140;

/** Tells the person of what has just happened, beside showing it: read, spoken, notified. */
export function tellOf(event: NumberedEvent, state: AppState, actions: Actions): void {
  switch (event.name) {
    case 'message.added':
      arrived(event.params.message, state, actions);
      return;
    case 'conversation.read':
      actions.tellUnread();
      return;
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

function arrived(message: Message, { chosen, facts }: AppState, actions: Actions): void {
  if (!message.incoming) return;
  actions.tellUnread();
  const glimpse = message.text.slice(0, GLIMPSE);
  const looking = chosen === message.conversation && document.hasFocus();
  if (looking) {
    actions.speak(`${message.from}: ${glimpse}`);
    actions.read();
    return;
  }
  const { notifications, quietUntil = 0 } = facts.preferences;
  if (!notifications || quietUntil > Date.now()) return;
  actions.notify(message.conversation, message.from, glimpse);
  if (message.conversation !== EVERYONE) actions.speak(`${message.from}: ${glimpse}`);
}
