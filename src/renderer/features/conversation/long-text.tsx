import { useMemo } from 'react';
import { useStrings } from '../../ui/app-context.tsx';
import { shorten } from '../../text/shorten.ts';
import { MessageText } from './message-text.tsx';

interface LongTextProps {
  readonly text: string;
  /** All of it is shown. */
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** A message's text; of a long one its beginning, until somebody wants all of it. */
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
          // What is folded up again would else leave the reader far behind it.
          if (open) requestAnimationFrame(() => currentTarget.scrollIntoView({ block: 'nearest' }));
        }}
        className="mt-1 rounded text-[0.82rem] font-semibold underline underline-offset-2 focus-visible:outline-current"
      >
        {open ? strings.conversation.showLess : strings.conversation.showMore}
      </button>
    </>
  );
}
