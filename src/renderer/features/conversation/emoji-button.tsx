import { type RefObject, useRef, useState } from 'react';
import { useStrings } from '../../ui/app-context.tsx';
import { IconButton } from '../../ui/button.tsx';
import { EmojiPicker } from './emoji-picker.tsx';

interface EmojiButtonProps {
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** Puts an emoji where the cursor is. */
export function EmojiButton({ area, text, onText }: EmojiButtonProps) {
  const strings = useStrings();
  const around = useRef<HTMLDivElement>(null);
  const [picking, setPicking] = useState(false);
  const close = () => {
    setPicking(false);
    area.current?.focus();
  };
  const insert = (emoji: string) => {
    const { selectionStart: from = text.length, selectionEnd: to = text.length } = area.current ?? {};
    onText(text.slice(0, from) + emoji + text.slice(to));
    close();
    requestAnimationFrame(() => area.current?.setSelectionRange(from + emoji.length, from + emoji.length));
  };
  return (
    <div ref={around} className="contents">
      <IconButton
        icon="smile"
        label={strings.composer.emoji}
        aria-expanded={picking}
        onClick={() => (picking ? close() : setPicking(true))}
        className="size-[2.7rem]"
      />
      {picking ? <EmojiPicker around={around} onPick={insert} onClose={close} /> : null}
    </div>
  );
}
