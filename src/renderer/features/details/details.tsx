import { EVERYONE } from '../../../shared/client-api/conversation-id.ts';
import { memo } from 'react';
import { useRunAction } from '../../actions/use-actions.ts';
import { blockUser, unblockUser } from '../../actions/user-actions.ts';
import { goToDate } from '../../actions/window-actions.ts';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { onlineSince } from '../../store/conversations.ts';
import { useActions, useAppState, useFormat, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { SafetyNumberCard } from '../private/safety-number.tsx';
import { useAbsence } from '../states/use-absence.ts';
import { AddressRuleCard } from './address-rule-card.tsx';
import { OnlineHistory } from './online-history.tsx';

const PEOPLE_DRAWN = 8;

/** Details of a user, or of *Everyone* (G4). */
export const Details = memo(function Details({ conversation }: { conversation: Conversation }) {
  const strings = useStrings();
  const name = conversation.username ?? strings.everyone;
  const everyone = conversation.id === EVERYONE;
  return (
    <aside
      aria-label={everyone ? strings.details.labelEveryone : strings.details.label(name)}
      className="grid grid-cols-[minmax(0,1fr)] content-start gap-3 overflow-y-auto border-s border-line bg-ground p-4"
    >
      <Portrait conversation={conversation} name={name} />
      {conversation.username === undefined ? null : <SafetyNumberCard username={conversation.username} />}
      <section className="card" aria-labelledby="who-was-here">
        <h2 id="who-was-here" className="mb-2 text-[0.78rem] font-semibold text-ink-2">
          {strings.history.title}
        </h2>
        <OnlineHistory top={conversation.username} most={PEOPLE_DRAWN} />
      </section>
      {conversation.username === undefined ? null : (
        <>
          <AddressRuleCard username={conversation.username} />
          <BlockButton username={conversation.username} />
        </>
      )}
      <GoToDateButton />
      <DeleteButton conversation={conversation.id} />
    </aside>
  );
});

function Portrait({ conversation, name }: { conversation: Conversation; name: string }) {
  const strings = useStrings();
  const format = useFormat();
  const since = useAppState(({ view }) => onlineSince(view, conversation.username));
  const here = useAppState(({ view }) => view.people.length);
  const absence = useAbsence();
  const everyone = conversation.id === EVERYONE;
  return (
    <section className="card grid justify-items-center gap-1 text-center">
      <Avatar name={conversation.username} size="large" />
      <h2 className="mt-1 max-w-full min-w-0 font-semibold [overflow-wrap:anywhere]">{name}</h2>
      <p className="text-[0.78rem] text-ink-2">
        {absence ??
          (everyone
            ? strings.conversation.peopleHere(here)
            : since === undefined
              ? strings.offline
              : strings.onlineSince(format.moment(since, Date.now())))}
      </p>
    </section>
  );
}

function BlockButton({ username }: { username: string }) {
  const strings = useStrings();
  const run = useRunAction();
  const blocked = useAppState(({ view }) => view.blacklist?.includes(username) ?? false);
  return blocked ? (
    <Button onClick={() => run(unblockUser, username)}>{unblockUser.label(strings, username)}</Button>
  ) : (
    <Button look="danger" onClick={() => run(blockUser, username)} className="bg-panel">
      {blockUser.label(strings, username)}
    </Button>
  );
}

function GoToDateButton() {
  const strings = useStrings();
  const run = useRunAction();
  return (
    <Button onClick={() => run(goToDate, undefined)} className="bg-panel">
      {goToDate.label(strings)}
    </Button>
  );
}

function DeleteButton({ conversation }: { conversation: string }) {
  const strings = useStrings();
  const actions = useActions();
  const known = useAppState(({ view }) => view.conversations.some(({ id }) => id === conversation));
  if (!known) return null;
  return (
    <Button
      look="danger"
      onClick={() => actions.overlay.show({ kind: 'delete-history', conversation })}
      className="bg-panel"
    >
      {strings.archive.deleteConversation}
    </Button>
  );
}

/** Explains blocking and asks for confirmation (E1, E2, C4). */
export function BlockDialog({ username }: { username: string }) {
  const strings = useStrings();
  const actions = useActions();
  const close = () => actions.overlay.close();
  const block = async () => {
    close();
    if (await actions.client.attempt('blacklist.add', { username }))
      actions.toasts.show(strings.details.blocked(username));
  };
  return (
    <Dialog title={strings.details.blockTitle(username)} onClose={close} width="narrow">
      <div className="grid gap-4 px-5 pb-5">
        <p>{strings.details.blockText(username)}</p>
        <DialogActions>
          <Button onClick={close} data-focus>
            {strings.cancel}
          </Button>
          <Button look="destructive" onClick={() => void block()}>
            {strings.details.block(username)}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}

/** Online times of all users, in a dialog. */
export function LookBackDialog() {
  const strings = useStrings();
  const actions = useActions();
  return (
    <Dialog title={strings.history.title} onClose={() => actions.overlay.close()}>
      <div className="px-5 pb-5">
        <OnlineHistory most={100} />
      </div>
    </Dialog>
  );
}
