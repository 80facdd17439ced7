import { useEffect } from 'react';
import { useActions, useAppState } from '../../ui/app-context.tsx';

/** Ends the app on the desktop, on every screen: closing the window only hides it (G5). In a browser the key is the browser's. */
export function useQuitKey(): void {
  const actions = useActions();
  const desktop = useAppState(({ facts }) => facts.kind === 'desktop');
  useEffect(() => {
    if (!desktop) return;
    const pressed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== 'q') return;
      event.preventDefault();
      void actions.quit();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [actions, desktop]);
}

/** Keys that work everywhere in the main screen, and the signs that a person is there (B5). */
export function useShortcuts(active: boolean): void {
  const actions = useActions();
  useEffect(() => {
    if (!active) return;
    const pressed = (event: KeyboardEvent) => {
      actions.active();
      const command = event.ctrlKey || event.metaKey;
      if (command && event.key.toLowerCase() === 'k') actions.show({ kind: 'palette' });
      else if (command && event.key.toLowerCase() === 'f') actions.find(event.shiftKey);
      else if (command && event.key === ',') actions.show({ kind: 'settings', page: 'appearance' });
      else if (event.altKey && event.key === 'ArrowDown') actions.chooseNeighbour(1);
      else if (event.altKey && event.key === 'ArrowUp') actions.chooseNeighbour(-1);
      else return;
      event.preventDefault();
    };
    const moved = () => actions.active();
    const focused = () => actions.look();
    document.addEventListener('keydown', pressed);
    document.addEventListener('pointerdown', moved);
    document.addEventListener('wheel', moved, { passive: true });
    window.addEventListener('focus', focused);
    return () => {
      document.removeEventListener('keydown', pressed);
      document.removeEventListener('pointerdown', moved);
      document.removeEventListener('wheel', moved);
      window.removeEventListener('focus', focused);
    };
  }, [actions, active]);
}
