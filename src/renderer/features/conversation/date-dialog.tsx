import { type FormEvent, useState } from 'react';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';

/** Scrolls the open conversation to the first message of a day, or to its very first message (G3). */
export function DateDialog() {
  const strings = useStrings();
  const actions = useActions();
  const conversation = useAppState(({ chosen }) => chosen);
  const [date, setDate] = useState('');
  const [error, setError] = useState<string>();
  const close = () => actions.overlay.close();
  const go = (at: number) => {
    close();
    if (conversation !== undefined) void actions.threads.scrollToTime(conversation, at);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Without a time zone: the day of this computer.
    const at = new Date(`${date}T00:00`).getTime();
    if (Number.isNaN(at)) setError(strings.conversation.dateMissing);
    else go(at);
  };
  return (
    <Dialog title={strings.conversation.goToDate} onClose={close} width="narrow">
      <form noValidate onSubmit={submit} className="grid gap-4 px-5 pb-5">
        <Field
          label={strings.conversation.dateField}
          type="date"
          value={date}
          onText={(text) => {
            setDate(text);
            setError(undefined);
          }}
          error={error}
          data-focus
        />
        <DialogActions>
          <Button onClick={() => go(0)} className="me-auto">
            {strings.conversation.firstMessage}
          </Button>
          <Button onClick={close}>{strings.cancel}</Button>
          <Button type="submit" look="primary">
            {strings.conversation.go}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
