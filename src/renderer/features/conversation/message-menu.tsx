import type { ReactElement } from 'react';
import type { Message } from '../../../shared/client-api/view-state.ts';
import { canCancel } from '../../store/conversations.ts';
import { useActions, useStrings } from '../../ui/app-context.tsx';
import { ContextMenu, type MenuAction } from '../../ui/context-menu.tsx';

interface MessageMenuProps {
  readonly messages: readonly Message[];
  /** The list; a row has the index of its message as `data-index`. */
  readonly children: ReactElement;
}

/** The context menu of a message has the same actions as the buttons next to the message and below it (G3, G6). */
export function MessageMenu({ messages, children }: MessageMenuProps) {
  const strings = useStrings();
  const actions = useActions();
  const actionsFor = (target: Element): readonly MenuAction[] => {
    const index = target.closest<HTMLElement>('article')?.closest<HTMLElement>('[data-index]')?.dataset.index;
    const message = index === undefined ? undefined : messages[Number(index)];
    if (message === undefined) return [];
    const { copyMessage, deleteMessage } = strings.conversation;
    const { cancelMessage, sendAgain } = strings.status;
    const all: (MenuAction & { readonly when: boolean })[] = [
      { when: true, icon: 'copy', label: copyMessage, run: () => void actions.clipboard.copy(message.text) },
      {
        when: message.status.state === 'refused',
        icon: 'send',
        label: sendAgain,
        run: () => void actions.sending.sendAgain(message),
      },
      {
        when: canCancel(message),
        icon: 'close',
        label: cancelMessage,
        run: () => void actions.client.attempt('message.cancel', { id: message.id }),
      },
      {
        when: message.status.state !== 'queued',
        icon: 'trash',
        label: deleteMessage,
        danger: true,
        run: () => actions.overlay.show({ kind: 'delete-message', message }),
      },
    ];
    return all.filter(({ when }) => when);
  };
  return (
    <ContextMenu label={strings.conversation.messageMenu} actionsFor={actionsFor}>
      {children}
    </ContextMenu>
  );
}
