import { useEffect, useRef } from 'react';
import type { PrivateConversation } from '../../../shared/client-api/private-view.ts';
import { privateDraftKey } from '../../store/drafts.ts';
import { useActions, useFailureText, useAppState, useStrings } from '../../ui/app-context.tsx';
import { EmojiButton } from '../conversation/emoji-button.tsx';
import { useTyping } from '../conversation/use-typing.ts';
import { TEXT_BYTES, WritingField } from '../conversation/writing-field.tsx';

interface PrivateComposerProps {
  readonly talk: PrivateConversation;
}

/** The composer of a private session. Its draft is never stored on the disk (F7). */
export function PrivateComposer({ talk }: PrivateComposerProps) {
  const { username, state } = talk;
  const strings = useStrings();
  const actions = useActions();
  const failureText = useFailureText();
  const text = useAppState(({ drafts }) => drafts[privateDraftKey(username)] ?? '');
  const failure = useAppState(({ sendFailures }) => sendFailures[privateDraftKey(username)]);
  const area = useRef<HTMLTextAreaElement>(null);
  const typing = useTyping(username, 'private.typing');
  useEffect(() => area.current?.focus(), []);
  const changed = (written: string) => {
    actions.drafts.setPrivate(username, written);
    typing.typed(written !== '');
  };
  return (
    <div className="border-t border-line bg-panel px-[max(1rem,calc(50%-30rem))] py-3">
      {failure === undefined ? null : <p className="pb-2 text-[0.82rem] text-bad">{failureText(failure)}</p>}
      <WritingField
        label={strings.aside.write(username)}
        text={text}
        limit={TEXT_BYTES}
        held={state.state !== 'open'}
        area={area}
        onText={changed}
        onSend={() => {
          typing.stop();
          void actions.sending.sendPrivate(username, text);
        }}
        look="private"
      >
        <EmojiButton area={area} text={text} onText={changed} />
      </WritingField>
      <Keeping talk={talk} />
    </div>
  );
}

/** Asks to save this session; messages are saved only if both sides ask (F7). */
function Keeping({ talk: { username, keep } }: { talk: PrivateConversation }) {
  const strings = useStrings();
  const actions = useActions();
  const trust =
    keep.own && keep.peer
      ? strings.aside.keepOn
      : keep.own
        ? strings.aside.keepWaits(username)
        : keep.peer
          ? strings.aside.keepAsked(username)
          : undefined;
  return (
    <label className="mt-2 flex items-center gap-2 text-[0.75rem] text-ink-2">
      <input
        type="checkbox"
        checked={keep.own}
        onChange={(event) => void actions.client.attempt('private.keep', { username, keep: event.target.checked })}
        className="size-4 accent-private-2"
      />
      {strings.aside.keep}
      {trust === undefined ? null : <span role="status">· {trust}</span>}
    </label>
  );
}
