import { useMemo } from 'react';
import { useStrings } from '../../ui/app-context.tsx';
import { shorten } from '../../text/shorten.ts';
import { MessageText } from './message-text.tsx';

interface LongTextProps {
  readonly text: string;
  /** The whole text is shown. */
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** The text of a message; a long text is shortened until the user expands it. */
export function LongText({ text, open, onOpen }: LongTextProps) {
  const strings = useStrings();
  const short = useMemo(() => shorten(text), [text]);
  if (short === undefined) return <MessageText text={text} />;
  return (
    <>
      <MessageText text={open ? text : short} />
      <button
        type="button"
        aria-expanded={open}
        onClick={({ currentTarget }) => {
          onOpen(!open);
          // Collapsing a long text would otherwise leave the viewport far below the message.
          if (open) requestAnimationFrame(() => currentTarget.scrollIntoView({ block: 'nearest' }));
        }}
        className="mt-1 rounded text-[0.82rem] font-semibold underline underline-offset-2 focus-visible:outline-current"
      >
        {open ? strings.conversation.showLess : strings.conversation.showMore}
      </button>
    </>
  );
}
