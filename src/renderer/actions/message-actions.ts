import type { Message } from '../../shared/client-api/view-state.ts';
import { canCancel } from '../store/conversations.ts';
import type { ActionRecord, ShortcutAction } from './action-record.ts';

export const copyMessage: ShortcutAction<Pick<Message, 'text'>> = {
  id: 'copy-message',
  icon: 'copy',
  label: ({ conversation }) => conversation.copyMessage,
  shortcut: { key: 'c', command: true },
  // The browser copies a selection.
  when: () => getSelection()?.isCollapsed !== false,
  run: ({ actions }, { text }) => void actions.clipboard.copy(text),
};

export const sendAgain: ActionRecord<Message> = {
  id: 'send-again',
  icon: 'send',
  label: ({ status }) => status.sendAgain,
  when: (_state, { status }) => status.state === 'refused',
  run: ({ actions }, message) => void actions.sending.sendAgain(message),
};

export const cancelMessage: ActionRecord<Message> = {
  id: 'cancel-message',
  icon: 'close',
  label: ({ status }) => status.cancelMessage,
  when: (_state, message) => canCancel(message),
  run: ({ actions }, { id }) => void actions.client.attempt('message.cancel', { id }),
};

export const askToDeleteMessage: ActionRecord<Message> = {
  id: 'delete-message',
  icon: 'trash',
  danger: true,
  label: ({ conversation }) => conversation.deleteMessage,
  when: (_state, { status }) => status.state !== 'queued',
  run: ({ actions }, message) => actions.overlay.show({ kind: 'delete-message', message }),
};

/** The actions about one message, in the order of its context menu. */
export const MESSAGE_ACTIONS: readonly ActionRecord<Message>[] = [
  copyMessage,
  sendAgain,
  cancelMessage,
  askToDeleteMessage,
];

/** The thread of a conversation, and the message in it that has the focus. */
export interface ThreadPosition {
  readonly conversation: string;
  readonly messages: readonly Message[];
  /** The newest message is loaded. */
  readonly newest: boolean;
  /** The index of the focused message; undefined if none has the focus. */
  readonly focused: number | undefined;
  /** Scrolls to a message and focuses it. */
  move(index: number): void;
}

function moveTo({ messages, move }: ThreadPosition, index: number): void {
  move(Math.min(Math.max(index, 0), messages.length - 1));
}

export const previousMessage: ShortcutAction<ThreadPosition> = {
  id: 'previous-message',
  label: ({ keys }) => keys.does.earlier,
  shortcut: { key: 'ArrowUp' },
  run: (_context, thread) => moveTo(thread, (thread.focused ?? thread.messages.length) - 1),
};

export const nextMessage: ShortcutAction<ThreadPosition> = {
  id: 'next-message',
  label: ({ keys }) => keys.does.later,
  shortcut: { key: 'ArrowDown' },
  when: (_state, { focused }) => focused !== undefined,
  run: (_context, thread) => moveTo(thread, (thread.focused ?? 0) + 1),
};

/** Actions that move the focus between messages. */
export const THREAD_ACTIONS: readonly ShortcutAction<ThreadPosition>[] = [
  previousMessage,
  nextMessage,
  {
    id: 'first-message',
    label: ({ keys }) => keys.does.first,
    shortcut: { key: 'Home' },
    run: (_context, thread) => moveTo(thread, 0),
  },
  {
    id: 'newest-message',
    label: ({ keys }) => keys.does.last,
    shortcut: { key: 'End' },
    run: ({ actions }, thread) => {
      if (thread.newest) moveTo(thread, thread.messages.length - 1);
      else void actions.threads.scrollToEnd(thread.conversation);
    },
  },
];
