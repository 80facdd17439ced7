import { isPossible, type ShortcutAction } from '../../actions/action-record.ts';
import { PLACE_SHORTCUTS, WINDOW_SHORTCUTS } from '../../actions/shortcut-groups.ts';
import { useActionState } from '../../actions/use-actions.ts';
import { useStrings } from '../../ui/app-context.tsx';
import { writeShortcut } from '../../ui/shortcuts.ts';

/** All shortcuts (G6). */
export function KeyboardPage() {
  const strings = useStrings();
  const state = useActionState();
  return (
    <div className="grid gap-6">
      <Group
        title={strings.keys.everywhere}
        actions={WINDOW_SHORTCUTS.filter((action) => isPossible(action, state, undefined))}
      />
      {PLACE_SHORTCUTS.map(({ title, actions }) => (
        <Group key={title(strings)} title={title(strings)} actions={actions} />
      ))}
    </div>
  );
}

interface GroupProps {
  readonly title: string;
  readonly actions: readonly Pick<ShortcutAction<never>, 'id' | 'label' | 'shortcut' | 'shortcutLabel'>[];
}

function Group({ title, actions }: GroupProps) {
  const strings = useStrings();
  return (
    <section className="grid gap-2">
      <h3 className="font-semibold">{title}</h3>
      <dl className="grid gap-1.5">
        {actions.map((action) => (
          <div
            key={action.id}
            className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line pb-1.5"
          >
            <dt>{action.shortcutLabel?.(strings) ?? action.label(strings)}</dt>
            <dd>
              <kbd className="rounded-md border border-line px-1.5 font-mono text-[0.8rem] whitespace-nowrap">
                {writeShortcut(action.shortcut, strings.keys)}
              </kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
