import { useFormat, useStrings } from '../../ui/app-context.tsx';

/** Between what was said on one day and on the next. @param at of the first of the day, milliseconds since 1970 UTC */
export function DayLine({ at, now }: { at: number; now: number }) {
  const { today, yesterday } = useStrings().conversation;
  const format = useFormat();
  return <p className="py-3 text-center text-[0.75rem] text-ink-3">{format.day(at, now, { today, yesterday })}</p>;
}
