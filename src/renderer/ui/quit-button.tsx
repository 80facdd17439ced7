import { useIsPossible, useRunAction } from '../actions/use-actions.ts';
import { quit } from '../actions/window-actions.ts';
import { useStrings } from './app-context.tsx';
import { Button } from './button.tsx';

/** Quits the desktop app. Closing its window only hides it, and some systems have no tray. */
export function QuitButton({ className = '' }: { className?: string }) {
  const strings = useStrings();
  const run = useRunAction();
  const possible = useIsPossible();
  if (!possible(quit, undefined)) return null;
  return (
    <div className={className}>
      <Button onClick={() => run(quit, undefined)}>{quit.label(strings)}</Button>
    </div>
  );
}
