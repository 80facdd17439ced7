import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useActionContext, useActionState } from '../../actions/use-actions.ts';
import { useActions, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { composes } from '../../ui/keys.ts';
import type { Item } from './item.ts';
import { type FoundPerson, itemsFor } from './items.ts';
import { useSubjects } from './use-subjects.ts';

/** Debounce before a search at the server, in milliseconds. */
const PAUSE_MS = 150;

/** Finds users, conversations and commands by a few letters (G6). */
export function Palette() {
  const strings = useStrings();
  const actions = useActions();
  const subjects = useSubjects();
  const state = useActionState();
  const context = useActionContext();
  const [search, setSearch] = useState('');
  const [place, setPlace] = useState(0);
  const found = useFoundPeople(search);
  const items = useMemo(
    () => itemsFor(search, found, subjects, state, context),
    [search, found, subjects, state, context],
  );
  const current = Math.min(place, items.length - 1);
  const pressed = (event: KeyboardEvent) => {
    // An input method uses arrow keys and Enter for its own list.
    if (composes(event)) return;
    if (event.key === 'ArrowDown') setPlace((current + 1) % items.length);
    else if (event.key === 'ArrowUp') setPlace((current - 1 + items.length) % items.length);
    else if (event.key === 'Enter') items[current]?.run();
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={strings.palette.label} onClose={() => actions.overlay.close()} bare>
      <SearchField
        text={search}
        active={`palette-${current}`}
        onText={(text) => {
          setSearch(text);
          setPlace(0);
        }}
        onKeyDown={pressed}
      />
      <ItemList items={items} current={current} onPoint={setPlace} />
      <p role="status" className="sr-only">
        {strings.palette.results(items.length)}
      </p>
    </Dialog>
  );
}

interface SearchFieldProps {
  readonly text: string;
  /** The id of the item that Enter chooses. */
  readonly active: string;
  readonly onText: (text: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function SearchField({ text, active, onText, onKeyDown }: SearchFieldProps) {
  const { palette } = useStrings();
  return (
    <div className="flex items-center gap-2 border-b border-line px-4">
      <Icon name="search" className="size-[1.1rem] text-ink-3" />
      <input
        data-focus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={active}
        aria-label={palette.label}
        placeholder={palette.placeholder}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
        spellCheck={false}
        className="min-h-12 flex-1 bg-transparent outline-none placeholder:text-ink-3"
      />
    </div>
  );
}

interface ItemListProps {
  readonly items: readonly Item[];
  readonly current: number;
  readonly onPoint: (place: number) => void;
}

function ItemList({ items, current, onPoint }: ItemListProps) {
  const strings = useStrings();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <div
      ref={list}
      id="palette-list"
      role="listbox"
      aria-label={strings.palette.label}
      className="max-h-[min(26rem,60dvh)] overflow-y-auto p-2"
    >
      {items.map((item, index) => (
        <Choice
          key={item.key}
          item={item}
          id={`palette-${index}`}
          chosen={index === current}
          heading={items[index - 1]?.group !== item.group}
          onPoint={() => onPoint(index)}
        />
      ))}
    </div>
  );
}

interface ChoiceProps {
  readonly item: Item;
  readonly id: string;
  readonly chosen: boolean;
  readonly heading: boolean;
  readonly onPoint: () => void;
}

function Choice({ item, id, chosen, heading, onPoint }: ChoiceProps) {
  const strings = useStrings();
  return (
    <>
      {heading ? (
        <div role="presentation" className="section-title">
          {strings.palette[item.group]}
        </div>
      ) : null}
      <div
        id={id}
        role="option"
        aria-selected={chosen}
        onPointerMove={onPoint}
        onClick={() => item.run()}
        className={`flex cursor-pointer items-center gap-3 rounded-[0.6rem] px-2 py-1.5 ${chosen ? 'bg-accent-soft' : ''}`}
      >
        {item.username === undefined ? (
          <span className="grid size-7 place-items-center text-ink-2">
            <Icon name={item.icon ?? 'person'} className="size-[1.15rem]" />
          </span>
        ) : (
          <Avatar name={item.username} size="small" online={item.online} />
        )}
        <span className="min-w-0 truncate">{item.text}</span>
      </div>
    </>
  );
}

function useFoundPeople(search: string): readonly FoundPerson[] {
  const actions = useActions();
  const [found, setFound] = useState<readonly FoundPerson[]>([]);
  const prefix = search.trim().replace(/^@/, '');
  useEffect(() => {
    if (prefix === '') {
      setFound([]);
      return;
    }
    let wanted = true;
    const ask = async () => {
      const outcome = await actions.client.run('people.search', { prefix, limit: 20 });
      // Without a connection, the palette still finds the users that the window knows.
      if (wanted && outcome.ok) setFound(outcome.result.users);
    };
    const timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [actions, prefix]);
  return found;
}
