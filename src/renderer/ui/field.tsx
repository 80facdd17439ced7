import { type InputHTMLAttributes, type ReactNode, useId, useState } from 'react';
import { useStrings } from './app-context.tsx';
import { Icon } from './icons.tsx';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly hint?: ReactNode;
  /** The error of the entry; screen readers read it with the field. */
  readonly error?: string | undefined;
}

/** A field with its name, a hint, and what is wrong with it right below. */
export function Field({ label, value, onText, hint, error, type = 'text', ...rest }: FieldProps) {
  const strings = useStrings();
  const id = useId();
  const [shown, setShown] = useState(false);
  const secret = type === 'password';
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(
    (one) => one !== '',
  );
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-[0.82rem] font-semibold">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          type={secret && shown ? 'text' : type}
          value={value}
          onChange={(event) => onText(event.target.value)}
          aria-invalid={error !== undefined}
          {...(described.length === 0 ? {} : { 'aria-describedby': described.join(' ') })}
          spellCheck={false}
          dir="auto"
          className={`field w-full ${secret ? 'pe-11' : ''} ${error === undefined ? '' : 'border-bad'}`}
          {...rest}
        />
        {secret ? (
          <button
            type="button"
            aria-label={shown ? strings.start.hidePassword : strings.start.showPassword}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
            className="absolute inset-y-0 end-0 grid w-10 place-items-center rounded-[0.6rem] text-ink-2 hover:text-ink"
          >
            <Icon name={shown ? 'eye-off' : 'eye'} className="size-[1.1rem]" />
          </button>
        ) : null}
      </div>
      {error === undefined ? null : (
        <p id={`${id}-error`} className="flex gap-1.5 text-[0.8rem] text-bad">
          <Icon name="warning" className="mt-0.5 size-3.5" />
          {error}
        </p>
      )}
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="text-[0.8rem] text-ink-2">
          {hint}
        </p>
      )}
    </div>
  );
}
