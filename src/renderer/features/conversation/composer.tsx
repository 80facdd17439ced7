import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { EVERYONE } from '../../store/conversations.ts';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { EmojiPicker } from './emoji-picker.tsx';
import { useGrowing } from './use-growing.ts';
import { useTyping } from './use-typing.ts';

/** The contract's bound where the server has not named its own (D5). */
const TEXT_BYTES = 8_192;
/** From how many bytes left the counter is shown. */
const COUNT_FROM = 1_024;

const encoder = new TextEncoder();

/** Where one writes. What is written stays until it has been taken over by the outbox. */
export function Composer({ conversation, name }: { conversation: Conversation; name: string }) {
  const strings = useStrings();
  const actions = useActions();
  const text = useAppState(({ drafts }) => drafts[conversation.id] ?? '');
  const failure = useAppState(({ sendFailures }) => sendFailures[conversation.id]);
  const limit = useAppState(({ view }) => view.server?.limits.textBytes ?? TEXT_BYTES);
  const blocked = useAppState(
    ({ view }) => conversation.username !== undefined && (view.blacklist?.includes(conversation.username) ?? false),
  );
  const [picking, setPicking] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const typing = useTyping(conversation.username);
  const left = limit - encoder.encode(text).length;
  const everyone = conversation.id === EVERYONE;
  const label = everyone ? strings.composer.labelEveryone : strings.composer.label(name);

  useGrowing(area, text);
  useEffect(() => {
    area.current?.focus();
  }, [conversation.id]);

  const send = () => {
    if (text.trim() === '' || left < 0) return;
    typing.stop();
    void actions.send(conversation.id, conversation.username, text);
    area.current?.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const insert = (emoji: string) => {
    const { selectionStart: from = text.length, selectionEnd: to = text.length } = area.current ?? {};
    actions.setDraft(conversation.id, text.slice(0, from) + emoji + text.slice(to));
    setPicking(false);
    area.current?.focus();
    requestAnimationFrame(() => area.current?.setSelectionRange(from + emoji.length, from + emoji.length));
  };

  return (
    <div className="border-t border-line px-4 py-3">
      {blocked ? <p className="pb-2 text-[0.8rem] text-ink-2">{strings.composer.blocked(name)}</p> : null}
      {failure === undefined ? null : (
        <p className="flex gap-1.5 pb-2 text-[0.82rem] text-bad">
          <Icon name="warning" className="mt-0.5" />
          {actions.failureText(failure)}
        </p>
      )}
      <div className="relative flex items-end gap-2">
        <IconButton
          icon="smile"
          label={strings.composer.emoji}
          aria-expanded={picking}
          onClick={() => setPicking(!picking)}
          className="size-[2.7rem]"
        />
        {picking ? (
          <EmojiPicker
            onPick={insert}
            onClose={() => {
              setPicking(false);
              area.current?.focus();
            }}
          />
        ) : null}
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          aria-label={label}
          placeholder={label}
          title={strings.composer.hint}
          aria-describedby={left < COUNT_FROM ? 'composer-count' : undefined}
          aria-invalid={left < 0}
          value={text}
          onChange={(event) => {
            actions.setDraft(conversation.id, event.target.value);
            typing.typed(event.target.value !== '');
          }}
          onKeyDown={pressed}
          className="field max-h-[40dvh] min-h-[2.7rem] flex-1 resize-none rounded-[0.9rem]! bg-ground! px-3.5! py-2.5! leading-[1.45]"
        />
        <Button
          look="primary"
          icon="send"
          onClick={send}
          disabled={text.trim() === '' || left < 0}
          className="min-h-[2.7rem] rounded-xl! px-4!"
        >
          <span className="@max-2xl:sr-only">{strings.composer.send}</span>
        </Button>
      </div>
      {left < COUNT_FROM ? (
        <p
          id="composer-count"
          role="status"
          className={`pt-1.5 text-end text-[0.75rem] ${left < 0 ? 'font-semibold text-bad' : 'text-ink-2'}`}
        >
          {left < 0 ? strings.composer.over(-left) : strings.composer.left(left)}
        </p>
      ) : null}
    </div>
  );
}
