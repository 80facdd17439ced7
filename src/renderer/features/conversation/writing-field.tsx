import { type KeyboardEvent, type ReactNode, type RefObject, useId } from 'react';
import { newLine, sendMessage } from '../../actions/composer-actions.ts';
import { useRunAction } from '../../actions/use-actions.ts';
import { useStrings } from '../../ui/app-context.tsx';
import { Icon } from '../../ui/icons.tsx';
import { composes } from '../../ui/keys.ts';
import { writeShortcut } from '../../ui/shortcuts.ts';
import { useBoundedText } from './use-bounded-text.ts';
import { useGrowing } from './use-growing.ts';

/** Longest text in bytes while the server's limit isn't known (D5). */
export const TEXT_BYTES = 8_192;
/** The counter is shown if fewer bytes than this are left. */
const COUNT_FROM = 1_024;

const encoder = new TextEncoder();

interface WritingFieldProps {
  /** The accessible name and the placeholder. */
  readonly label: string;
  readonly text: string;
  /** Longest text, in bytes of UTF-8. */
  readonly limit: number;
  /** Sending is not possible now. */
  readonly held?: boolean;
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
  readonly look: 'ordinary' | 'private';
  /** Shown before the field. */
  readonly children?: ReactNode;
}

const LOOKS = {
  ordinary: { field: 'bg-ground!', button: 'bg-accent text-accent-ink hover:brightness-110' },
  private: { field: 'border-private-2!', button: 'bg-private-2 text-white hover:brightness-110' },
} as const;

/** The text field of a composer, with its send button and a counter for a text that is nearly too long. */
export function WritingField({
  label,
  text,
  limit,
  held = false,
  area,
  onText,
  onSend,
  look,
  children,
}: WritingFieldProps) {
  const strings = useStrings();
  const run = useRunAction();
  const count = useId();
  const left = limit - encoder.encode(text).length;
  const ready = !held && text.trim() !== '' && left >= 0;
  useGrowing(area, text);
  const { refused, ...bounded } = useBoundedText(text, onText);
  const send = () => {
    if (ready) onSend();
    area.current?.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    // With Ctrl or Alt, the key sends, too.
    if (event.key !== sendMessage.shortcut.key || event.shiftKey || composes(event)) return;
    event.preventDefault();
    run(sendMessage, { send });
  };
  return (
    <>
      <div className="relative flex items-end gap-2">
        {children}
        <textarea
          ref={area}
          data-home
          rows={1}
          dir="auto"
          aria-label={label}
          placeholder={label}
          title={strings.composer.hint(
            writeShortcut(sendMessage.shortcut, strings.keys),
            writeShortcut(newLine.shortcut, strings.keys),
          )}
          aria-describedby={left < COUNT_FROM ? count : undefined}
          aria-invalid={left < 0}
          value={text}
          {...bounded}
          onKeyDown={pressed}
          className={`field max-h-[40dvh] min-h-[2.7rem] flex-1 resize-none rounded-[0.9rem]! px-3.5! py-2.5! leading-[1.45] ${LOOKS[look].field}`}
        />
        <button
          type="button"
          onClick={send}
          disabled={!ready}
          className={`flex min-h-[2.7rem] items-center gap-2 rounded-xl px-4 text-[0.82rem] font-semibold transition disabled:cursor-not-allowed disabled:opacity-55 ${LOOKS[look].button}`}
        >
          <Icon name="send" />
          <span className="@max-2xl:sr-only">{strings.composer.send}</span>
        </button>
      </div>
      {refused ? (
        <p role="alert" className="pt-1.5 text-[0.8rem] text-bad">
          {strings.composer.notTaken}
        </p>
      ) : null}
      {left < COUNT_FROM ? (
        <p
          id={count}
          role="status"
          className={`pt-1.5 text-end text-[0.75rem] ${left < 0 ? 'font-semibold text-bad' : 'text-ink-2'}`}
        >
          {left < 0 ? strings.composer.over(-left) : strings.composer.left(left)}
        </p>
      ) : null}
    </>
  );
}
