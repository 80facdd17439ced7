import { type RefObject, useState } from 'react';
import { useStrings } from '../../ui/app-context.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import { EmojiPicker } from './emoji-picker.tsx';

interface EmojiButtonProps {
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** Inserts an emoji at the caret of the composer. */
export function EmojiButton({ area, text, onText }: EmojiButtonProps) {
  const strings = useStrings();
  const [picking, setPicking] = useState(false);
  const insert = (emoji: string) => {
    const { selectionStart: from = text.length, selectionEnd: to = text.length } = area.current ?? {};
    onText(text.slice(0, from) + emoji + text.slice(to));
    setPicking(false);
    requestAnimationFrame(() => area.current?.setSelectionRange(from + emoji.length, from + emoji.length));
  };
  return (
    <Popover
      label={strings.composer.emoji}
      trigger={<IconButton icon="smile" label={strings.composer.emoji} className="size-[2.7rem]" />}
      open={picking}
      onOpen={setPicking}
      focusAfter={area}
      className="w-[21.5rem] max-w-[calc(100vw-1rem)] p-2"
    >
      <EmojiPicker onPick={insert} />
    </Popover>
  );
}
