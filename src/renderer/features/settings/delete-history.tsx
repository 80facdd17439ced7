import { EVERYONE } from '../../../shared/client-api/conversation-id.ts';
import { useState } from 'react';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';

/** Explains the deletion and asks for confirmation (G8). @param conversation undefined: all conversations */
export function DeleteHistoryDialog({ conversation }: { conversation: string | undefined }) {
  const strings = useStrings();
  const actions = useActions();
  const name = useAppState(({ view }) => view.conversations.find(({ id }) => id === conversation)?.username);
  const waiting = useAppState(({ view }) => view.waiting);
  const [busy, setBusy] = useState(false);
  const close = () => actions.overlay.close();
  const remove = async () => {
    setBusy(true);
    const done = await actions.client.attempt('history.delete', conversation === undefined ? {} : { conversation });
    close();
    if (done) actions.toasts.show(strings.archive.deleted);
  };
  const title =
    conversation === undefined
      ? strings.archive.deleteAllTitle
      : conversation === EVERYONE
        ? strings.archive.deleteEveryoneTitle
        : strings.archive.deleteOneTitle(name ?? '');
  return (
    <Dialog title={title} onClose={close} width="narrow">
      <div className="grid gap-4 px-5 pb-5">
        <p>{strings.archive.deleteText}</p>
        {waiting > 0 ? <p>{strings.archive.deleteWaiting}</p> : null}
        <DialogActions>
          <Button onClick={close} data-focus>
            {strings.cancel}
          </Button>
          <Button look="destructive" disabled={busy} onClick={() => void remove()}>
            {busy ? strings.archive.deleting : strings.archive.deleteSure}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
