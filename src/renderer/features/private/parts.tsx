import type { ReactNode } from 'react';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Count } from '../../ui/count.tsx';
import { Icon } from '../../ui/icons.tsx';

/** Tabs of a conversation with a private session: private, and through the server. */
export function Parts({ conversation: { id, unread }, beside }: { conversation: Conversation; beside: boolean }) {
  const strings = useStrings();
  const actions = useActions();
  const unseen = useAppState(({ unreadPrivate }) => unreadPrivate[id] ?? 0);
  const part = (own: boolean, text: string, icon: 'lock' | 'person', count: ReactNode) => (
    <button
      type="button"
      aria-pressed={own === beside}
      onClick={() => actions.navigation.chooseTab(own ? 'server' : 'private')}
      className={`flex flex-1 items-center justify-center gap-2 border-b-2 px-3 py-1.5 text-[0.8rem] focus-visible:-outline-offset-2 ${own === beside ? 'border-private-2 font-semibold' : 'border-transparent text-ink-2 hover:bg-hover'}`}
    >
      <Icon name={icon} className="size-3.5" />
      {text}
      {count}
    </button>
  );
  return (
    <div role="group" aria-label={strings.aside.parts} className="flex border-b border-line bg-panel">
      {part(
        false,
        strings.aside.asidePart,
        'lock',
        <Count of={unseen} label={strings.sidebar.unreadAside(unseen)} look="aside" />,
      )}
      {part(true, strings.aside.serverPart, 'person', <Count of={unread} label={strings.sidebar.unread(unread)} />)}
    </div>
  );
}
