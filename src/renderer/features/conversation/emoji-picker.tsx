import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { useStrings } from '../../ui/app-context.tsx';
import { composes } from '../../ui/keys.ts';
import { EMOJI } from './emoji-data.ts';

const COLUMNS = 9;

interface EmojiPickerProps {
  /** A press outside of it closes the picker: the picker itself, and the button that opens and closes it. */
  readonly around: RefObject<HTMLElement | null>;
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
}

/** A small grid of emoji: type to narrow it, arrows to walk, Enter to take, Escape to leave. */
export function EmojiPicker({ around, onPick, onClose }: EmojiPickerProps) {
  const strings = useStrings();
  const [search, setSearch] = useState('');
  const [place, setPlace] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const words = search.trim().toLowerCase();
  const found = EMOJI.filter(([, names]) => names.includes(words));

  useEffect(() => {
    const pressed = ({ target }: PointerEvent) => {
      if (target instanceof Node && around.current?.contains(target) === false) onClose();
    };
    document.addEventListener('pointerdown', pressed);
    return () => document.removeEventListener('pointerdown', pressed);
  }, [onClose, around]);

  const move = (to: number) => {
    const next = Math.min(Math.max(to, 0), found.length - 1);
    setPlace(next);
    box.current?.querySelectorAll<HTMLElement>('[role=option]')[next]?.scrollIntoView({ block: 'nearest' });
  };
  const pressed = (event: KeyboardEvent) => {
    if (composes(event)) return;
    const onwards = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: onwards,
      ArrowLeft: -onwards,
      ArrowDown: COLUMNS,
      ArrowUp: -COLUMNS,
    };
    const step = steps[event.key];
    if (step !== undefined) move(place + step);
    else if (event.key === 'Enter') {
      const chosen = found[place];
      if (chosen !== undefined) onPick(chosen[0]);
    } else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={box}
      role="dialog"
      aria-label={strings.composer.emoji}
      className="absolute start-0 bottom-full z-10 mb-2 w-[21.5rem] max-w-[calc(100vw-2rem)] rounded-2xl border border-line bg-panel p-2 shadow-float"
    >
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="emoji-list"
        aria-activedescendant={found.length === 0 ? undefined : `emoji-${place}`}
        aria-label={strings.composer.searchEmoji}
        placeholder={strings.composer.searchEmoji}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setPlace(0);
        }}
        onKeyDown={pressed}
        className="field mb-2 w-full"
      />
      <div
        id="emoji-list"
        role="listbox"
        tabIndex={-1}
        aria-label={strings.composer.emoji}
        className="grid max-h-[13rem] grid-cols-9 overflow-y-auto"
      >
        {found.map(([emoji, names], index) => (
          <div
            key={emoji}
            id={`emoji-${index}`}
            role="option"
            aria-selected={index === place}
            aria-label={names}
            onPointerMove={() => setPlace(index)}
            onClick={() => onPick(emoji)}
            className={`grid aspect-square cursor-pointer place-items-center rounded-lg text-[1.25rem] ${index === place ? 'bg-accent-soft' : ''}`}
          >
            {emoji}
          </div>
        ))}
      </div>
      {found.length === 0 ? <p className="p-3 text-center text-ink-2">{strings.composer.noEmoji}</p> : null}
    </div>
  );
}
