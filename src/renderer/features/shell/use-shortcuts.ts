import { useEffect } from 'react';
import { WINDOW_SHORTCUTS } from '../../actions/shortcut-groups.ts';
import { useRunPressed } from '../../actions/use-actions.ts';
import { openPalette } from '../../actions/window-actions.ts';
import { useActions, useAppState } from '../../ui/app-context.tsx';
import { onMac } from '../../ui/keys.ts';
import { isPressed } from '../../ui/shortcuts.ts';

const ON_MAIN_SCREEN = WINDOW_SHORTCUTS.filter(({ onEveryScreen }) => onEveryScreen !== true);
const ON_EVERY_SCREEN = WINDOW_SHORTCUTS.filter(({ onEveryScreen }) => onEveryScreen === true);

/** Handles the shortcuts of the main screen, and reports that the user is active (B5) or the network has changed (G7). */
export function useShortcuts(active: boolean): void {
  const actions = useActions();
  const runPressed = useRunPressed();
  const overlay = useAppState((state) => state.overlay?.kind);
  useEffect(() => {
    if (!active) return;
    const pressed = (event: KeyboardEvent) => {
      actions.client.reportActivity();
      if (event.altKey && onMac() && isInText(event.target)) return;
      // A dialog may contain unsaved input, so shortcuts must not close it.
      if (overlay === 'palette' && isPressed(openPalette.shortcut, event)) actions.overlay.close();
      else if (overlay !== undefined || !runPressed(ON_MAIN_SCREEN, event, undefined)) return;
      event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [actions, active, overlay, runPressed]);
  useEffect(() => {
    if (!active) return;
    const moved = () => actions.client.reportActivity();
    const focused = () => {
      actions.navigation.markVisibleRead();
      actions.client.reportActivity();
    };
    const networkChanged = () => actions.client.tryNow();
    document.addEventListener('pointerdown', moved);
    document.addEventListener('wheel', moved, { passive: true });
    window.addEventListener('focus', focused);
    window.addEventListener('online', networkChanged);
    return () => {
      document.removeEventListener('pointerdown', moved);
      document.removeEventListener('wheel', moved);
      window.removeEventListener('focus', focused);
      window.removeEventListener('online', networkChanged);
    };
  }, [actions, active]);
}

/** Handles the shortcuts that work on every screen and over every dialog (G5). */
export function useEveryScreenShortcuts(): void {
  const runPressed = useRunPressed();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (runPressed(ON_EVERY_SCREEN, event, undefined)) event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [runPressed]);
}

/** In a text on a Mac, Option with an arrow key moves the caret by a paragraph. */
function isInText(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea') !== null;
}
