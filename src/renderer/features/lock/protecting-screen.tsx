import type { Protecting } from '../../../shared/client-api/host.ts';
import { useAppState, useStrings } from '../../ui/app-context.tsx';
import { Mark } from '../../ui/mark.tsx';

const BAR =
  'h-2 w-full appearance-none overflow-hidden rounded-full bg-line [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent';

/** Shows the progress while all stored data is encrypted or decrypted (G8). */
export function ProtectingScreen() {
  const protecting = useAppState(({ hostState }) => hostState.protecting);
  return protecting === undefined ? null : <Progress protecting={protecting} />;
}

function Progress({ protecting: { kind, part } }: { protecting: Protecting }) {
  const strings = useStrings();
  return (
    <main className="grid h-full justify-items-center overflow-auto p-4">
      <div className="my-auto grid w-full max-w-[25rem] justify-items-center gap-4 py-4 text-center">
        <Mark />
        <h1 className="text-xl font-semibold">{strings.lock[kind]}</h1>
        <progress aria-label={strings.lock[kind]} value={part} max={1} className={BAR} />
        <p className="tabular-nums">{strings.lock.part(Math.floor(part * 100))}</p>
        <p className="text-[0.82rem] text-ink-2">{strings.lock.meanwhile[kind]}</p>
      </div>
    </main>
  );
}
