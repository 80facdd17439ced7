import type { ReactElement } from 'react';
import { MESSAGE_ACTIONS } from '../../actions/message-actions.ts';
import { useIsPossible, useRunAction } from '../../actions/use-actions.ts';
import type { Message } from '../../../shared/client-api/view-state.ts';
import { useStrings } from '../../ui/app-context.tsx';
import { ContextMenu, type MenuAction } from '../../ui/context-menu.tsx';

interface MessageMenuProps {
  readonly messages: readonly Message[];
  /** The list; a row has the index of its message as `data-index`. */
  readonly children: ReactElement;
}

/** The context menu of a message has the same actions as the buttons next to the message and below it (G3, G6). */
export function MessageMenu({ messages, children }: MessageMenuProps) {
  const strings = useStrings();
  const run = useRunAction();
  const possible = useIsPossible();
  const actionsFor = (target: Element): readonly MenuAction[] => {
    const index = target.closest<HTMLElement>('article')?.closest<HTMLElement>('[data-index]')?.dataset.index;
    const message = index === undefined ? undefined : messages[Number(index)];
    if (message === undefined) return [];
    return MESSAGE_ACTIONS.filter((action) => possible(action, message)).map((action) => ({
      icon: action.icon,
      label: action.label(strings, message),
      danger: action.danger ?? false,
      run: () => run(action, message),
    }));
  };
  return (
    <ContextMenu label={strings.conversation.messageMenu} actionsFor={actionsFor}>
      {children}
    </ContextMenu>
  );
}
