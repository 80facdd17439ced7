import { useAppState, useStrings } from '../../ui/app-context.tsx';
import {
  EVERYWHERE,
  IN_MESSAGES,
  IN_WRITING,
  ON_DESKTOP,
  type ShortcutName,
  writeShortcut,
} from '../../ui/shortcuts.ts';

/** What can be done with keys (G6). */
export function KeyboardPage() {
  const { keys } = useStrings();
  const desktop = useAppState(({ hostState }) => hostState.kind === 'desktop');
  return (
    <div className="grid gap-6">
      <Group title={keys.everywhere} names={desktop ? [...EVERYWHERE, ...ON_DESKTOP] : EVERYWHERE} />
      <Group title={keys.inMessages} names={IN_MESSAGES} />
      <Group title={keys.inWriting} names={IN_WRITING} />
    </div>
  );
}

function Group({ title, names }: { title: string; names: readonly ShortcutName[] }) {
  const { keys } = useStrings();
  return (
    <section className="grid gap-2">
      <h3 className="font-semibold">{title}</h3>
      <dl className="grid gap-1.5">
        {names.map((name) => (
          <div key={name} className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line pb-1.5">
            <dt>{keys.does[name]}</dt>
            <dd>
              <kbd className="rounded-md border border-line px-1.5 font-mono text-[0.8rem] whitespace-nowrap">
                {writeShortcut(name, keys)}
              </kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
