import type { ReactNode } from 'react';
import { copyMessage } from '../../actions/message-actions.ts';
import { useRunAction } from '../../actions/use-actions.ts';
import { useStrings } from '../../ui/app-context.tsx';
import { IconButton } from '../../ui/button.tsx';

interface BubbleToolsProps {
  /** The text to copy. */
  readonly text: string;
  /** The Tab key reaches the buttons. */
  readonly stop: boolean;
  /** Fills the space that the row reserves for the buttons. */
  readonly className: string;
  /** More buttons. */
  readonly children?: ReactNode;
}

/** The buttons next to a message; rendered only for the message with the pointer or the focus. */
export function BubbleTools({ text, stop, className, children }: BubbleToolsProps) {
  const strings = useStrings();
  const run = useRunAction();
  return (
    <div
      className={`flex shrink-0 ${className}`}
      // A click must not take the focus from the composer.
      onMouseDown={(event) => event.preventDefault()}
    >
      <IconButton
        icon="copy"
        label={copyMessage.label(strings)}
        tabIndex={stop ? 0 : -1}
        onClick={() => run(copyMessage, { text })}
        small
      />
      {children}
    </div>
  );
}
