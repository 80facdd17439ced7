import { useId } from 'react';
import { allConversations } from '../../store/conversations.ts';
import { useAppState, useStrings } from '../../ui/app-context.tsx';

interface ConversationChoiceProps {
  /** Undefined: all conversations. */
  readonly value: string | undefined;
  readonly onChoose: (conversation: string | undefined) => void;
}

/** Chooses one conversation, or all. */
export function ConversationChoice({ value, onChoose }: ConversationChoiceProps) {
  const strings = useStrings();
  const view = useAppState((state) => state.view);
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-[0.82rem] font-semibold">
        {strings.archive.which}
      </label>
      <select
        id={id}
        value={value ?? ''}
        onChange={(event) => onChoose(event.target.value === '' ? undefined : event.target.value)}
        className="field w-full max-w-[22rem]"
      >
        <option value="">{strings.archive.all}</option>
        {allConversations(view, undefined, []).map((one) => (
          <option key={one.id} value={one.id}>
            {one.username ?? strings.everyone}
          </option>
        ))}
      </select>
    </div>
  );
}
