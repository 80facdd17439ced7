import type { ReactNode } from 'react';
import { copyMessage } from '../../actions/message-actions.ts';
import { useRunAction } from '../../actions/use-actions.ts';
import { useStrings } from '../../ui/app-context.tsx';
import { IconButton } from '../../ui/button.tsx';

interface BubbleToolsProps {
  /** What copying copies. */
  readonly text: string;
  /** The Tab key leads here, from what the buttons belong to. */
  readonly stop: boolean;
  /** Takes the place that the row has kept for them. */
  readonly className: string;
  /** More than copying. */
  readonly children?: ReactNode;
}

/** What one can do with what was said, in the room beside it; only where somebody is. */
export function BubbleTools({ text, stop, className, children }: BubbleToolsProps) {
  const strings = useStrings();
  const run = useRunAction();
  return (
    <div
      className={`flex shrink-0 ${className}`}
      // Under the pointer, the focus stays where it is: in the message being written, for most.
      onMouseDown={(event) => event.preventDefault()}
    >
      <IconButton
        icon="copy"
        label={copyMessage.label(strings)}
        tabIndex={stop ? 0 : -1}
        onClick={() => run(copyMessage, { text })}
        className="size-8"
      />
      {children}
    </div>
  );
}
