import { useActions, useStrings } from '../../ui/app-context.tsx';
import { Icon } from '../../ui/icons.tsx';

/** A conversation that goes on aside and through the server at the same time: which of them is in sight. */
export function Parts({ beside }: { beside: boolean }) {
  const strings = useStrings();
  const actions = useActions();
  const part = (own: boolean, text: string, icon: 'lock' | 'person') => (
    <button
      type="button"
      aria-pressed={own === beside}
      onClick={() => actions.aside.lookBeside(own)}
      className={`flex flex-1 items-center justify-center gap-2 border-b-2 px-3 py-1.5 text-[0.8rem] focus-visible:-outline-offset-2 ${own === beside ? 'border-private-2 font-semibold' : 'border-transparent text-ink-2 hover:bg-hover'}`}
    >
      <Icon name={icon} className="size-3.5" />
      {text}
    </button>
  );
  return (
    <div role="group" aria-label={strings.aside.parts} className="flex border-b border-line bg-panel">
      {part(false, strings.aside.asidePart, 'lock')}
      {part(true, strings.aside.serverPart, 'person')}
    </div>
  );
}
