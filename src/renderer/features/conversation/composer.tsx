import { EVERYONE } from '../../../shared/client-api/conversation-id.ts';
import { useEffect, useRef } from 'react';
import { useRunAction } from '../../actions/use-actions.ts';
import { unblockUser } from '../../actions/user-actions.ts';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { isBlocked } from '../../store/conversations.ts';
import { useActions, useFailureText, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Icon } from '../../ui/icons.tsx';
import { EmojiButton } from './emoji-button.tsx';
import { useTyping } from './use-typing.ts';
import { TEXT_BYTES, WritingField } from './writing-field.tsx';

/** The composer of a conversation. Its text stays until the outbox has accepted the message. */
export function Composer({ conversation, name }: { conversation: Conversation; name: string }) {
  const strings = useStrings();
  const actions = useActions();
  const { id, username } = conversation;
  const text = useAppState(({ drafts }) => drafts[id] ?? '');
  const limit = useAppState(({ view }) => view.server?.limits.textBytes ?? TEXT_BYTES);
  const area = useRef<HTMLTextAreaElement>(null);
  const typing = useTyping(username);
  useEffect(() => {
    area.current?.focus();
  }, [id]);
  const changed = (written: string) => {
    actions.drafts.set(id, written);
    typing.typed(written !== '');
  };
  const send = () => {
    typing.stop();
    void actions.sending.send(id, username, text);
  };
  return (
    <div className="border-t border-line px-[max(1rem,calc(50%-30rem))] py-3">
      <Remarks conversation={conversation} name={name} />
      <WritingField
        label={id === EVERYONE ? strings.composer.labelEveryone : strings.composer.label(name)}
        text={text}
        limit={limit}
        area={area}
        onText={changed}
        onSend={send}
        look="ordinary"
      >
        <EmojiButton area={area} text={text} onText={changed} />
      </WritingField>
    </div>
  );
}

/** Remarks above the composer: the user is blocked, drafts cannot be saved, the last message was refused. */
function Remarks({ conversation: { id, username }, name }: { conversation: Conversation; name: string }) {
  const strings = useStrings();
  const failureText = useFailureText();
  const failure = useAppState(({ sendFailures }) => sendFailures[id]);
  const unsaved = useAppState(({ hostState }) => hostState.draftsUnsaved === true);
  const blocked = useAppState(({ view }) => isBlocked(view, username));
  const run = useRunAction();
  return (
    <>
      {blocked && username !== undefined ? (
        <p className="pb-2 text-[0.8rem] text-ink-2">
          {strings.composer.blocked(name)} ·{' '}
          <button
            type="button"
            onClick={() => run(unblockUser, username)}
            className="rounded font-semibold text-accent underline underline-offset-2"
          >
            {strings.composer.unblock}
          </button>
        </p>
      ) : null}
      {unsaved ? <p className="pb-2 text-[0.8rem] text-ink-2">{strings.composer.unsaved}</p> : null}
      {failure === undefined ? null : (
        <p className="flex gap-1.5 pb-2 text-[0.82rem] text-bad">
          <Icon name="warning" className="mt-0.5" />
          {failureText(failure)}
        </p>
      )}
    </>
  );
}
