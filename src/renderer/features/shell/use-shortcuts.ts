import { useEffect } from 'react';
import type { Actions } from '../../store/actions.ts';
import { useActions, useAppState } from '../../ui/app-context.tsx';
import { onMac } from '../../ui/keys.ts';
import { EVERYWHERE, isShortcut } from '../../ui/shortcuts.ts';

const DO: Readonly<Record<(typeof EVERYWHERE)[number], (actions: Actions) => void>> = {
  palette: (actions) => actions.overlay.show({ kind: 'palette' }),
  find: (actions) => actions.search.reopen(false),
  findEverywhere: (actions) => actions.search.reopen(true),
  settings: (actions) => actions.overlay.show({ kind: 'settings', page: 'appearance' }),
  keys: (actions) => actions.overlay.show({ kind: 'settings', page: 'keyboard' }),
  next: (actions) => actions.navigation.chooseNeighbour(1),
  previous: (actions) => actions.navigation.chooseNeighbour(-1),
};

/** Keys that work everywhere in the main screen, and the signs that a person is there (B5). */
export function useShortcuts(active: boolean): void {
  const actions = useActions();
  const overlay = useAppState((state) => state.overlay?.kind);
  useEffect(() => {
    if (!active) return;
    const pressed = (event: KeyboardEvent) => {
      actions.client.reportActivity();
      const name = EVERYWHERE.find((one) => isShortcut(one, event));
      if (name === undefined || (event.altKey && onMac() && inText(event.target))) return;
      // What is open may hold what was typed: it is closed by nothing but its own ways out.
      if (overlay === undefined) DO[name](actions);
      else if (overlay === 'palette' && name === 'palette') actions.overlay.close();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [actions, active, overlay]);
  useEffect(() => {
    if (!active) return;
    const moved = () => actions.client.reportActivity();
    const focused = () => actions.navigation.markVisibleRead();
    document.addEventListener('pointerdown', moved);
    document.addEventListener('wheel', moved, { passive: true });
    window.addEventListener('focus', focused);
    return () => {
      document.removeEventListener('pointerdown', moved);
      document.removeEventListener('wheel', moved);
      window.removeEventListener('focus', focused);
    };
  }, [actions, active]);
}

/** Ends the app on the desktop, on every screen and over every dialog: closing the window only hides it (G5). */
export function useQuitKey(): void {
  const actions = useActions();
  const desktop = useAppState(({ hostState }) => hostState.kind === 'desktop');
  useEffect(() => {
    if (!desktop) return;
    const pressed = (event: KeyboardEvent) => {
      if (!isShortcut('quit', event)) return;
      event.preventDefault();
      void actions.host.quit();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [actions, desktop]);
}

/** Option and arrows move the caret there, by paragraphs. */
function inText(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea') !== null;
}
