import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { PrivateTalk } from '../../../shared/client-api/private-view.ts';
import { asideDraft } from '../../store/actions.ts';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useGrowing } from '../conversation/use-growing.ts';
import { useTyping } from '../conversation/use-typing.ts';

const TEXT_BYTES = 8_192;
const encoder = new TextEncoder();

/** Where one writes aside. Its draft lives in this window only (F7). */
export function PrivateComposer({ talk: { username, state, keep } }: { talk: PrivateTalk }) {
  const strings = useStrings();
  const actions = useActions();
  const text = useAppState(({ drafts }) => drafts[asideDraft(username)] ?? '');
  const failure = useAppState(({ sendFailures }) => sendFailures[asideDraft(username)]);
  const area = useRef<HTMLTextAreaElement>(null);
  const typing = useTyping(username, 'private.typing');
  const left = TEXT_BYTES - encoder.encode(text).length;
  const ready = state.state === 'open' && text.trim() !== '' && left >= 0;
  useGrowing(area, text);
  useEffect(() => area.current?.focus(), []);

  const send = () => {
    if (!ready) return;
    typing.stop();
    void actions.sayAside(username, text);
    area.current?.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const keeping =
    keep.own && keep.peer
      ? strings.aside.keepOn
      : keep.own
        ? strings.aside.keepWaits(username)
        : keep.peer
          ? strings.aside.keepAsked(username)
          : undefined;
  return (
    <div className="border-t border-line bg-panel px-4 py-3">
      {failure === undefined ? null : <p className="pb-2 text-[0.82rem] text-bad">{actions.failureText(failure)}</p>}
      <div className="flex items-end gap-2">
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          aria-label={strings.aside.write(username)}
          placeholder={strings.aside.write(username)}
          title={strings.composer.hint}
          aria-invalid={left < 0}
          value={text}
          onChange={(event) => {
            actions.setAsideDraft(username, event.target.value);
            typing.typed(event.target.value !== '');
          }}
          onKeyDown={pressed}
          className="field max-h-[40dvh] min-h-[2.7rem] flex-1 resize-none rounded-[0.9rem]! border-private-2! px-3.5! py-2.5!"
        />
        <button
          type="button"
          onClick={send}
          disabled={!ready}
          className="flex min-h-[2.7rem] items-center gap-2 rounded-xl bg-private-2 px-4 text-[0.82rem] font-semibold text-white disabled:opacity-55"
        >
          <Icon name="send" />
          <span className="@max-2xl:sr-only">{strings.composer.send}</span>
        </button>
      </div>
      {left < 0 ? (
        <p role="status" className="pt-1.5 text-end text-[0.75rem] font-semibold text-bad">
          {strings.composer.over(-left)}
        </p>
      ) : null}
      <label className="mt-2 flex items-center gap-2 text-[0.75rem] text-ink-2">
        <input
          type="checkbox"
          checked={keep.own}
          onChange={(event) => void actions.attempt('private.keep', { username, keep: event.target.checked })}
          className="size-4 accent-private-2"
        />
        {strings.aside.keep}
        {keeping === undefined ? null : <span role="status">· {keeping}</span>}
      </label>
    </div>
  );
}
