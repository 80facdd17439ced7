import type { KeyboardEvent } from 'react';
import { THREAD_ACTIONS, type ThreadPosition } from '../../actions/message-actions.ts';
import { MESSAGE_SHORTCUTS } from '../../actions/shortcut-groups.ts';
import { useRunPressed } from '../../actions/use-actions.ts';

/** Handles the shortcuts in a thread: those that move the focus, and those of the focused message (G6). */
export function useThreadKeys(thread: Omit<ThreadPosition, 'focused'>): (event: KeyboardEvent) => void {
  const runPressed = useRunPressed();
  return (event) => {
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-index]') : null;
    const focused = row === null ? undefined : Number(row.dataset.index);
    const message = focused === undefined ? undefined : thread.messages[focused];
    const ran =
      runPressed(THREAD_ACTIONS, event, { ...thread, focused }) ||
      (message !== undefined && runPressed(MESSAGE_SHORTCUTS, event, message));
    if (ran) event.preventDefault();
  };
}
