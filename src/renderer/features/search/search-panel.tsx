import { EVERYONE } from '../../../shared/client-api/conversation-id.ts';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Message } from '../../../shared/client-api/view-state.ts';
import type { Search } from '../../store/search.ts';
import { Part } from '../states/broken.tsx';
import { useActions, useFailureText, useAppState, useFormat, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { plainTextOf } from '../../text/preview.ts';
import { composes } from '../../ui/keys.ts';
import { useRoving } from '../shell/use-roving.ts';
import { Choice } from '../settings/choice.tsx';
import { snippetOf, rangesOf } from './marks.ts';

/** Searches messages by parts of words; a result opens its conversation at the message (G2). */
export function SearchPanel({ search }: { search: Search }) {
  const strings = useStrings();
  const actions = useActions();
  const roving = useRoving();
  const pressed = (event: KeyboardEvent<HTMLElement>) => {
    // An input method closes its own list with Escape.
    if (composes(event)) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      actions.search.close();
    } else roving(event);
  };
  return (
    <aside
      aria-label={strings.search.label}
      onKeyDown={pressed}
      className="flex min-h-0 flex-col border-s border-line bg-ground"
    >
      <div className="flex min-h-[3.75rem] items-center gap-2 px-4">
        <h2 className="min-w-0 flex-1 truncate font-semibold">{strings.search.label}</h2>
        <IconButton
          icon="close"
          label={strings.search.close}
          onClick={() => actions.search.close()}
          className="-me-2"
        />
      </div>
      <SearchField search={search} />
      <Scope search={search} />
      <Results search={search} />
    </aside>
  );
}

function SearchField({ search: { text, phase, messages } }: { search: Search }) {
  const strings = useStrings();
  const actions = useActions();
  /** The words whose first result opens when it arrives. */
  const [entered, setEntered] = useState<string>();
  const asked = useAppState(({ search }) => search?.asked);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [asked]);
  useEffect(() => {
    // During a search, the listed results belong to the words before.
    if (entered === undefined || phase === 'looking') return;
    setEntered(undefined);
    const [first] = messages;
    if (entered === text && first !== undefined) void actions.navigation.openMessage(first, text);
  }, [entered, phase, text, messages, actions]);
  const pressed = (event: KeyboardEvent<HTMLInputElement>) => {
    if (composes(event) || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return;
    if (event.key === 'Enter') setEntered(text);
    else event.currentTarget.closest('aside')?.querySelector<HTMLElement>('[data-entry]')?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <input
      ref={field}
      type="search"
      aria-label={strings.search.field}
      placeholder={strings.search.field}
      value={text}
      onChange={(event) => {
        setEntered(undefined);
        actions.search.setText(event.target.value);
      }}
      onKeyDown={pressed}
      spellCheck={false}
      dir="auto"
      className="field mx-4"
    />
  );
}

/** Chooses between the open conversation and all; hidden if no conversation is open. */
function Scope({ search: { conversation } }: { search: Search }) {
  const strings = useStrings();
  const actions = useActions();
  const chosen = useAppState((state) => state.chosen);
  const here = chosen ?? conversation;
  if (here === undefined) return null;
  return (
    <div className="px-4 pt-3">
      <Choice
        legend={strings.search.where}
        legendHidden
        value={conversation === undefined ? 'all' : conversation === here ? 'here' : undefined}
        options={['here', 'all']}
        names={strings.search.scopes}
        onChoose={(scope) => actions.search.setConversation(scope === 'all' ? undefined : here)}
      />
    </div>
  );
}

function Results({ search }: { search: Search }) {
  const strings = useStrings();
  const actions = useActions();
  const failureText = useFailureText();
  const { text, messages, phase, next, failure } = search;
  const empty = text.trim() === '';
  const state = empty
    ? strings.search.hint
    : failure !== undefined
      ? failureText(failure)
      : phase === 'looking'
        ? strings.search.looking
        : strings.search.results(messages.length, next !== undefined);
  return (
    <>
      <p role="status" className={`px-4 py-2 text-[0.78rem] ${failure === undefined ? 'text-ink-2' : 'text-bad'}`}>
        {state}
      </p>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        <ul>
          {messages.map((message) => (
            <Part key={message.position} content={message}>
              <Result message={message} words={text} />
            </Part>
          ))}
        </ul>
        {next !== undefined && phase === 'done' ? (
          <Button onClick={() => actions.search.loadMore()} className="mx-2 mt-2">
            {strings.search.earlier}
          </Button>
        ) : null}
      </div>
    </>
  );
}

function Result({ message, words }: { message: Message; words: string }) {
  const strings = useStrings();
  const format = useFormat();
  const actions = useActions();
  const { conversation, incoming, from, to } = message;
  const scrolledTo = useAppState(
    (state) => state.scrollTarget?.place === message.position && state.scrollTarget.words !== undefined,
  );
  const found = useMemo(() => textOfResult(message.text, words), [message.text, words]);
  const other = conversation === EVERYONE ? undefined : incoming ? from : to;
  const writer = incoming ? (conversation === EVERYONE ? from : undefined) : strings.you;
  return (
    <li className="[contain-intrinsic-size:auto_4.4rem] [content-visibility:auto]">
      <button
        type="button"
        data-entry
        aria-current={scrolledTo ? 'true' : undefined}
        onClick={() => void actions.navigation.openMessage(message, words)}
        className={`grid w-full grid-cols-[2.25rem_minmax(0,1fr)] gap-2.5 rounded-[0.6rem] border p-2 text-start focus-visible:-outline-offset-2 ${scrolledTo ? 'border-line bg-panel' : 'border-transparent hover:bg-hover'}`}
      >
        <Avatar name={other} />
        <span className="min-w-0">
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 flex-1 truncate font-semibold">{other ?? strings.everyone}</span>
            <span className="text-[0.72rem] text-ink-3">{format.moment(message.at, Date.now())}</span>
          </span>
          <span dir="auto" className="line-clamp-3 text-[0.82rem] text-ink-2 [overflow-wrap:anywhere]">
            {writer === undefined ? null : `${writer}: `}
            {snippetOf(found, words).map((part, place) =>
              part.marked ? (
                <mark key={place} className="rounded-[0.2rem] bg-found text-ink">
                  {part.text}
                </mark>
              ) : (
                part.text
              ),
            )}
          </span>
        </span>
      </button>
    </li>
  );
}

/** The text as it is shown; the source text if only that matches, such as the address of a link. */
function textOfResult(text: string, words: string): string {
  const plain = plainTextOf(text);
  return rangesOf(plain, words).length > 0 ? plain : text;
}
