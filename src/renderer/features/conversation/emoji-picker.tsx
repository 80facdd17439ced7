import { Tabs } from '@base-ui/react/tabs';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useAppState, useStrings } from '../../ui/app-context.tsx';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { composes } from '../../ui/keys.ts';
import type * as emojiList from './emoji-list.ts';
import type { EmojiGroup } from './emoji-list.ts';
import { SkinTones } from './skin-tones.tsx';

const COLUMNS = 9;

const GROUP_ICONS: Readonly<Record<EmojiGroup, IconName>> = {
  smileys: 'smile',
  people: 'hand',
  animals: 'leaf',
  food: 'apple',
  travel: 'plane',
  activities: 'trophy',
  objects: 'lightbulb',
  symbols: 'hash',
  flags: 'flag',
};
const GROUPS = Object.keys(GROUP_ICONS) as EmojiGroup[];

/** The emoji of one group or of a search: arrows move, Enter picks. */
export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const strings = useStrings();
  const list = useEmojiList();
  const tone = useAppState(({ hostState }) => hostState.preferences.skinTone);
  const [search, setSearch] = useState('');
  const [group, setGroup] = useState<EmojiGroup>('smileys');
  const [place, setPlace] = useState(0);
  const [entered, setEntered] = useState(false);
  const searching = search.trim() !== '';
  const shown = typeof list === 'string' ? [] : searching ? list.findEmoji(search) : list.emojiIn(group);
  const pick = (index: number) => {
    const emoji = shown[index];
    if (emoji !== undefined && typeof list !== 'string') onPick(list.withTone(emoji, tone));
  };
  // Enter may be pressed before the list is loaded; the pick then waits for it.
  useEffect(() => {
    if (!entered || list === 'loading') return;
    setEntered(false);
    pick(place);
  });
  const pressed = (event: KeyboardEvent) => {
    const to = placeAfter(event, place, shown.length);
    if (to !== undefined) setPlace(to);
    else if (event.key === 'Enter' && !composes(event)) setEntered(true);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="emoji-list"
        aria-activedescendant={shown.length === 0 ? undefined : `emoji-${place}`}
        aria-label={strings.composer.searchEmoji}
        placeholder={strings.composer.searchEmoji}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setPlace(0);
        }}
        onKeyDown={pressed}
        className="field w-full"
      />
      <GroupTabs
        group={searching ? null : group}
        onGroup={(chosen) => {
          setGroup(chosen);
          setSearch('');
          setPlace(0);
        }}
      />
      <EmojiGrid
        emoji={shown.map((one) => ({
          label: one.label,
          text: typeof list === 'string' ? '' : list.withTone(one, tone),
        }))}
        place={place}
        onPoint={setPlace}
        onPick={pick}
      />
      {list === 'failed' ? <Remark text={strings.composer.emojiFailed} /> : null}
      {list === 'loading' ? <Remark text={strings.loading} /> : null}
      {typeof list !== 'string' && shown.length === 0 ? <Remark text={strings.composer.noEmoji} /> : null}
      <div className="flex items-center gap-2 border-t border-line pt-2">
        <p aria-hidden="true" className="min-w-0 flex-1 truncate ps-1 text-[0.75rem] text-ink-2">
          {shown[place]?.label}
        </p>
        <SkinTones />
      </div>
    </>
  );
}

function Remark({ text }: { text: string }) {
  return (
    <p role="status" className="p-3 text-center text-ink-2">
      {text}
    </p>
  );
}

/** @returns the place in the grid after an arrow key; undefined after any other key */
function placeAfter(event: KeyboardEvent, place: number, count: number): number | undefined {
  if (composes(event)) return undefined;
  const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: forward,
    ArrowLeft: -forward,
    ArrowDown: COLUMNS,
    ArrowUp: -COLUMNS,
  };
  const step = steps[event.key];
  return step === undefined ? undefined : Math.max(Math.min(place + step, count - 1), 0);
}

interface GroupTabsProps {
  /** `null`: a search is shown instead. */
  readonly group: EmojiGroup | null;
  readonly onGroup: (group: EmojiGroup) => void;
}

function GroupTabs({ group, onGroup }: GroupTabsProps) {
  const { composer } = useStrings();
  return (
    <Tabs.Root value={group} onValueChange={onGroup}>
      <Tabs.List aria-label={composer.emojiGroups} className="grid grid-cols-9 py-1.5">
        {GROUPS.map((one) => (
          <Tabs.Tab
            key={one}
            value={one}
            aria-label={composer.emojiGroup[one]}
            title={composer.emojiGroup[one]}
            aria-controls="emoji-list"
            className="grid h-8 place-items-center rounded-lg text-ink-2 hover:bg-hover aria-selected:bg-accent-soft aria-selected:text-ink"
          >
            <Icon name={GROUP_ICONS[one]} className="size-[1.1rem]" />
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs.Root>
  );
}

interface EmojiGridProps {
  readonly emoji: readonly { readonly label: string; readonly text: string }[];
  readonly place: number;
  readonly onPoint: (place: number) => void;
  readonly onPick: (place: number) => void;
}

function EmojiGrid({ emoji, place, onPoint, onPick }: EmojiGridProps) {
  const strings = useStrings();
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => {
    grid.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [place]);
  return (
    <div
      ref={grid}
      id="emoji-list"
      role="listbox"
      tabIndex={-1}
      aria-label={strings.composer.emoji}
      className={`grid auto-rows-min grid-cols-9 overflow-y-auto ${emoji.length === 0 ? '' : 'h-[13rem]'}`}
    >
      {emoji.map(({ label, text }, index) => (
        <div
          key={label}
          id={`emoji-${index}`}
          role="option"
          aria-selected={index === place}
          aria-label={label}
          onPointerMove={() => onPoint(index)}
          onClick={() => onPick(index)}
          className={`grid aspect-square cursor-pointer place-items-center rounded-lg text-[1.25rem] ${index === place ? 'bg-accent-soft' : ''}`}
        >
          {text}
        </div>
      ))}
    </div>
  );
}

type EmojiList = Pick<typeof emojiList, 'emojiIn' | 'findEmoji' | 'withTone'>;

/** The list is loaded when the first picker opens, so that the start of the window doesn't pay for it. */
function useEmojiList(): EmojiList | 'loading' | 'failed' {
  const [list, setList] = useState<EmojiList | 'loading' | 'failed'>('loading');
  useEffect(() => {
    let wanted = true;
    import('./emoji-list.ts').then(
      (loaded) => wanted && setList(loaded),
      () => wanted && setList('failed'),
    );
    return () => {
      wanted = false;
    };
  }, []);
  return list;
}
