import { useId } from 'react';

interface ChoiceProps<T extends string> {
  readonly legend: string;
  /** Only screen readers get the legend, because a heading shows the same text. */
  readonly legendHidden?: boolean;
  /** The id of the element that describes the choice. */
  readonly describedBy?: string;
  readonly value: T | undefined;
  readonly options: readonly T[];
  readonly names: Readonly<Record<T, string>>;
  readonly onChoose: (value: T) => void;
}

/** Radio buttons side by side. */
export function Choice<T extends string>({
  legend,
  legendHidden = false,
  describedBy,
  value,
  options,
  names,
  onChoose,
}: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset aria-describedby={describedBy} className="grid gap-2">
      <legend className={legendHidden ? 'sr-only' : 'mb-2 font-semibold'}>{legend}</legend>
      <div className="flex flex-wrap gap-2">
        {options.map((one) => (
          <label
            key={one}
            className="cursor-pointer rounded-[0.6rem] border border-line px-3 py-1.5 has-checked:border-accent has-checked:bg-accent-soft has-checked:font-semibold has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              name={name}
              checked={one === value}
              onChange={() => onChoose(one)}
              className="sr-only"
            />
            {names[one]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
