import type { Message } from '../../../shared/client-api/view-state.ts';
import { shortened } from '../../../shared/text/cut.ts';
import { useActions, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';

/** Longest quote of the message in the dialog, in characters. */
const SHOWN = 300;

/** Explains the deletion of a message and asks for confirmation (G3). */
export function DeleteMessageDialog({ message }: { message: Message }) {
  const strings = useStrings();
  const actions = useActions();
  const { conversation, position, incoming, from, to, text } = message;
  const other = to === undefined ? undefined : incoming ? from : to;
  const close = () => actions.overlay.close();
  const remove = async () => {
    close();
    if (await actions.client.attempt('message.delete', { conversation, position }))
      actions.toasts.show(strings.conversation.deleted);
  };
  return (
    <Dialog title={strings.conversation.deleteTitle} onClose={close} width="narrow">
      <div className="grid gap-4 px-5 pb-5">
        <p
          dir="auto"
          className="max-h-32 overflow-hidden rounded-xl border border-line bg-ground px-3 py-2 text-ink-2 [overflow-wrap:anywhere] whitespace-pre-wrap"
        >
          {shortened(text, SHOWN)}
        </p>
        <p>{other === undefined ? strings.conversation.deleteTextEveryone : strings.conversation.deleteText(other)}</p>
        <DialogActions>
          <Button onClick={close} data-focus>
            {strings.cancel}
          </Button>
          <Button look="destructive" onClick={() => void remove()}>
            {strings.conversation.deleteMessage}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
