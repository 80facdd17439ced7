import { useFormat, useStrings } from '../../ui/app-context.tsx';
import { barsOf, type OnlineTimes } from './spans.ts';

interface OnlineTableProps {
  readonly people: readonly OnlineTimes[];
  readonly end: number;
  readonly spanMs: number;
}

/** The online times as text. */
export function OnlineTable({ people, end, spanMs }: OnlineTableProps) {
  const strings = useStrings();
  const format = useFormat();
  return (
    <table className="w-full text-start text-[0.75rem]">
      <caption className="sr-only">{strings.history.title}</caption>
      <thead className="text-ink-2">
        <tr>
          <th scope="col" className="py-1 text-start font-semibold">
            {strings.history.person}
          </th>
          <th scope="col" className="py-1 text-start font-semibold">
            {strings.history.times}
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map(({ username, intervals }) => (
          <tr key={username} className="border-t border-line align-top">
            <th scope="row" className="py-1 pe-2 text-start font-medium break-all">
              {username}
            </th>
            <td className="py-1">
              {barsOf(intervals, end, spanMs).map(({ from, to }) => (
                <span key={from} className="block">
                  {strings.history.interval(
                    format.moment(from, end),
                    to === null ? strings.history.now : format.moment(to, end),
                  )}
                </span>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
