import { useFormat, useStrings } from '../../ui/app-context.tsx';

/** The heading of a day. @param at time of its first message, milliseconds since 1970 UTC */
export function DayLine({ at, now }: { at: number; now: number }) {
  const { today, yesterday } = useStrings().conversation;
  const format = useFormat();
  return <p className="py-3 text-center text-[0.75rem] text-ink-3">{format.day(at, now, { today, yesterday })}</p>;
}
