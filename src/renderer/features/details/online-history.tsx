import { useEffect, useId, useRef, useState } from 'react';
import { useActions, useAppState, useNow, useStrings } from '../../ui/app-context.tsx';
import { OnlinePicture } from './online-picture.tsx';
import { OnlineTable } from './online-table.tsx';
import { inOrder, type OnlineTimes, RANGE_NAMES, type RangeName, RANGES } from './spans.ts';

const MINUTE_MS = 60_000;
/** Shortest time between two queries to the server, in milliseconds, however many users come and go. */
const PAUSE_MS = 5_000;

interface OnlineHistoryProps {
  /** The user in the first row, whatever their times. */
  readonly top?: string | undefined;
  /** Most users that are drawn. */
  readonly most: number;
}

/** Online times of users, as bars over time or as a table (C3, G4). */
export function OnlineHistory({ top, most }: OnlineHistoryProps) {
  const strings = useStrings();
  const [range, setRange] = useState<RangeName>('shift');
  const [asTable, setAsTable] = useState(false);
  const { people, at } = useOnlineTimes(range);
  const minute = useNow(MINUTE_MS);
  // Include users who came online within the last minute.
  const now = Math.max(minute, at);
  const spanMs = RANGES[range] * 1_000;
  const all = typeof people === 'string' ? [] : inOrder(people, now, spanMs, top);
  const shown = all.slice(0, most);
  return (
    <div>
      <RangeChoice range={range} onRange={setRange} />
      {people === 'failed' ? <p className="py-2 text-[0.8rem] text-ink-2">{strings.history.failed}</p> : null}
      {people === 'loading' ? <p className="py-2 text-[0.8rem] text-ink-2">{strings.loading}</p> : null}
      {typeof people !== 'string' && shown.length === 0 ? (
        <p className="py-2 text-[0.8rem] text-ink-2">{strings.history.nobody}</p>
      ) : null}
      {shown.length === 0 ? null : asTable ? (
        <OnlineTable people={shown} end={now} spanMs={spanMs} />
      ) : (
        <OnlinePicture people={shown} end={now} spanMs={spanMs} range={range} />
      )}
      {all.length > most ? (
        <p className="py-1 text-[0.75rem] text-ink-2">{strings.history.more(all.length - most)}</p>
      ) : null}
      {shown.length === 0 ? null : (
        <button
          type="button"
          onClick={() => setAsTable(!asTable)}
          className="mt-2 rounded text-[0.75rem] text-accent underline underline-offset-2"
        >
          {asTable ? strings.history.asPicture : strings.history.asTable}
        </button>
      )}
    </div>
  );
}

interface Read {
  readonly people: readonly OnlineTimes[] | 'loading' | 'failed';
  /** Time of the answer, milliseconds since 1970 UTC. */
  readonly at: number;
}

function useOnlineTimes(range: RangeName): Read {
  const actions = useActions();
  const connected = useAppState(({ view }) => view.connection.state === 'online');
  const people = useAppState(({ view }) => view.people);
  const [read, setRead] = useState<Read>({ people: 'loading', at: 0 });
  const asked = useRef<{ readonly range: RangeName; readonly connected: boolean; readonly at: number }>(undefined);
  useEffect(
    () => () => {
      asked.current = undefined;
    },
    [],
  );
  useEffect(() => {
    const ask = async () => {
      asked.current = { range, connected, at: performance.now() };
      const outcome = await actions.client.run('presence.history', { seconds: RANGES[range] });
      if (asked.current?.range !== range) return;
      setRead((before) => {
        if (outcome.ok) return { people: outcome.result.users, at: Date.now() };
        return typeof before.people === 'string' ? { ...before, people: 'failed' } : before;
      });
    };
    const before = asked.current;
    const same = before?.range === range && before.connected === connected;
    const pause = same ? before.at + PAUSE_MS - performance.now() : 0;
    if (pause <= 0) {
      void ask();
      return;
    }
    const timer = setTimeout(() => void ask(), pause);
    return () => clearTimeout(timer);
    // Read again when a user comes or goes, but not for each of many.
  }, [actions, range, connected, people]);
  return read;
}

function RangeChoice({ range, onRange }: { range: RangeName; onRange: (range: RangeName) => void }) {
  const strings = useStrings();
  const name = useId();
  return (
    <fieldset className="mb-2 flex gap-0.5 rounded-lg bg-them p-0.5">
      <legend className="sr-only">{strings.history.range}</legend>
      {RANGE_NAMES.map((one) => (
        <label
          key={one}
          className="flex-1 cursor-pointer rounded-md px-1 py-0.5 text-center text-[0.72rem] whitespace-nowrap has-checked:bg-panel has-checked:font-semibold has-checked:shadow-soft has-focus-visible:outline-2 has-focus-visible:outline-focus"
        >
          <input type="radio" name={name} checked={range === one} onChange={() => onRange(one)} className="sr-only" />
          {strings.history.ranges[one]}
        </label>
      ))}
    </fieldset>
  );
}
