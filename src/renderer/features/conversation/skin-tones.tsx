import { useId } from 'react';
import { SKIN_TONES } from '../../../shared/client-api/host.ts';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';

/** Backgrounds close to the tones of common emoji fonts. */
const COLOURS = {
  default: 'bg-[#ffcc22]',
  light: 'bg-[#f7dece]',
  'medium-light': 'bg-[#f3d2a2]',
  medium: 'bg-[#d5ab88]',
  'medium-dark': 'bg-[#af7e57]',
  dark: 'bg-[#7c533e]',
} as const;

/** The choice of a skin tone for all emoji that have several; the host remembers it. */
export function SkinTones() {
  const { composer } = useStrings();
  const actions = useActions();
  const chosen = useAppState(({ hostState }) => hostState.preferences.skinTone);
  const name = useId();
  return (
    <fieldset className="flex shrink-0 gap-1">
      <legend className="sr-only">{composer.skinTone}</legend>
      {([undefined, ...SKIN_TONES] as const).map((tone) => (
        <label
          key={tone ?? 'default'}
          title={composer.skinTones[tone ?? 'default']}
          className={`size-5 cursor-pointer rounded-full border-2 border-panel has-checked:ring-2 has-checked:ring-focus has-focus-visible:outline-2 has-focus-visible:outline-focus ${COLOURS[tone ?? 'default']}`}
        >
          <input
            type="radio"
            name={name}
            checked={chosen === tone}
            onChange={() => actions.preferences.change({ skinTone: tone })}
            aria-label={composer.skinTones[tone ?? 'default']}
            className="sr-only"
          />
        </label>
      ))}
    </fieldset>
  );
}
