import type { KeyboardEvent } from 'react';
import type { Thread } from '../../store/threads.ts';
import { useActions } from '../../ui/app-context.tsx';
import { isShortcut } from '../../ui/shortcuts.ts';

interface Keys {
  readonly conversation: string;
  readonly thread: Thread;
  /** Brings a message into sight and gives it the focus. */
  move(index: number): void;
}

/** Arrows, Home and End walk over messages; C copies one, Delete deletes it here (G6). */
export function useThreadKeys({
  conversation,
  thread: { messages, newest },
  move,
}: Keys): (event: KeyboardEvent) => void {
  const actions = useActions();
  return (event) => {
    const within = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-index]') : null;
    const place = within === null ? messages.length : Number(within.dataset.index);
    const message = within === null ? undefined : messages[place];
    const last = messages.length - 1;
    const to = (index: number) => move(Math.min(Math.max(index, 0), last));
    if (isShortcut('earlier', event)) to(place - 1);
    else if (isShortcut('later', event) && within !== null) to(place + 1);
    else if (isShortcut('last', event) && !newest) void actions.threads.scrollToEnd(conversation);
    else if (isShortcut('last', event)) to(last);
    else if (isShortcut('first', event)) to(0);
    else if (isShortcut('delete', event) && message !== undefined && message.status.state !== 'queued') {
      actions.overlay.show({ kind: 'delete-message', message });
    } else if (message !== undefined && asksToCopy(event)) {
      void actions.clipboard.copy(message.text);
    } else return;
    event.preventDefault();
  };
}

/** C on what was said copies it as a whole; with Ctrl or Cmd, or where some of it is selected, the key is the browser's. */
export function asksToCopy(event: KeyboardEvent): boolean {
  return isShortcut('copy', event) && getSelection()?.isCollapsed !== false;
}
