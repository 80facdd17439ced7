import { useActions, useAppState, useStrings } from './app-context.tsx';
import { Button } from './button.tsx';

/** Ends the app where it has a window of its own: closing that only hides it, and not every system shows a place beside the clock. */
export function QuitButton({ className = '' }: { className?: string }) {
  const strings = useStrings();
  const actions = useActions();
  const desktop = useAppState(({ hostState }) => hostState.kind === 'desktop');
  if (!desktop) return null;
  return (
    <div className={className}>
      <Button onClick={() => void actions.host.quit()}>{strings.quit}</Button>
    </div>
  );
}
