import type { Message } from '../../shared/client-api/view-state.ts';
import { canCancel } from '../store/conversations.ts';
import type { ActionRecord, KeyActionRecord } from './action-record.ts';

export const copyMessage: KeyActionRecord<Pick<Message, 'text'>> = {
  id: 'copy-message',
  icon: 'copy',
  label: ({ conversation }) => conversation.copyMessage,
  shortcut: { key: 'c' },
  shortcutLabel: ({ keys }) => keys.does.copy,
  run: ({ actions }, { text }) => void actions.clipboard.copy(text),
};

const deleteMessage: KeyActionRecord<Message> = {
  id: 'delete-message',
  icon: 'trash',
  danger: true,
  label: ({ conversation }) => conversation.deleteMessage,
  shortcut: { key: 'Delete' },
  shortcutLabel: ({ keys }) => keys.does.delete,
  when: (_state, { status }) => status.state !== 'queued',
  run: ({ actions }, message) => actions.overlay.show({ kind: 'delete-message', message }),
};

/** The actions about one message, in the order of its context menu. */
export const MESSAGE_ACTIONS: readonly ActionRecord<Message>[] = [
  copyMessage,
  {
    id: 'send-again',
    icon: 'send',
    label: ({ status }) => status.sendAgain,
    when: (_state, { status }) => status.state === 'refused',
    run: ({ actions }, message) => void actions.sending.sendAgain(message),
  },
  {
    id: 'cancel-message',
    icon: 'close',
    label: ({ status }) => status.cancelMessage,
    when: (_state, message) => canCancel(message),
    run: ({ actions }, { id }) => void actions.client.attempt('message.cancel', { id }),
  },
  deleteMessage,
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

/** Actions that move the focus between messages. */
export const THREAD_ACTIONS: readonly KeyActionRecord<ThreadPosition>[] = [
  {
    id: 'previous-message',
    icon: 'back',
    label: ({ keys }) => keys.does.earlier,
    shortcut: { key: 'ArrowUp' },
    shortcutLabel: ({ keys }) => keys.does.earlier,
    run: (_context, thread) => moveTo(thread, (thread.focused ?? thread.messages.length) - 1),
  },
  {
    id: 'next-message',
    icon: 'down',
    label: ({ keys }) => keys.does.later,
    shortcut: { key: 'ArrowDown' },
    shortcutLabel: ({ keys }) => keys.does.later,
    when: (_state, { focused }) => focused !== undefined,
    run: (_context, thread) => moveTo(thread, (thread.focused ?? 0) + 1),
  },
  {
    id: 'first-message',
    icon: 'back',
    label: ({ keys }) => keys.does.first,
    shortcut: { key: 'Home' },
    shortcutLabel: ({ keys }) => keys.does.first,
    run: (_context, thread) => moveTo(thread, 0),
  },
  {
    id: 'newest-message',
    icon: 'down',
    label: ({ keys }) => keys.does.last,
    shortcut: { key: 'End' },
    shortcutLabel: ({ keys }) => keys.does.last,
    run: ({ actions }, thread) => {
      if (thread.newest) moveTo(thread, thread.messages.length - 1);
      else void actions.threads.scrollToEnd(thread.conversation);
    },
  },
];
