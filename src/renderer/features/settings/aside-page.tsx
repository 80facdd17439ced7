import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';

/** Settings for every private session (F2). */
export function AsidePage() {
  const { aside } = useStrings();
  const actions = useActions();
  const reveal = useAppState(({ view }) => view.addressRule.reveal);
  return (
    <div className="grid gap-1">
      <label className="flex items-start gap-3 font-semibold">
        <input
          type="checkbox"
          checked={reveal}
          onChange={(event) => void actions.client.attempt('private.revealAddress', { reveal: event.target.checked })}
          className="mt-0.5 size-4 accent-accent"
        />
        {aside.reveal}
      </label>
      <p className="ms-7 text-[0.82rem] text-ink-2">{aside.revealHint}</p>
    </div>
  );
}
