import { useEffect, useId, useState } from 'react';
import { useActions, useAppState, useNow, useStrings } from '../../ui/app-context.tsx';
import { OnlinePicture } from './online-picture.tsx';
import { OnlineTable } from './online-table.tsx';
import { inOrder, type OnlineTimes, RANGE_NAMES, type RangeName, RANGES } from './spans.ts';

const MINUTE_MS = 60_000;

interface OnlineHistoryProps {
  /** Who comes first, whatever their times. */
  readonly top?: string | undefined;
  /** How many people are drawn at most. */
  readonly most: number;
}

/** Who was online when, as bars over time (C3, G4), and the same as a table. */
export function OnlineHistory({ top, most }: OnlineHistoryProps) {
  const strings = useStrings();
  const [range, setRange] = useState<RangeName>('shift');
  const [asTable, setAsTable] = useState(false);
  const people = useOnlineTimes(range);
  const now = useNow(MINUTE_MS);
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

function useOnlineTimes(range: RangeName): readonly OnlineTimes[] | 'loading' | 'failed' {
  const actions = useActions();
  const connected = useAppState(({ view }) => view.connection.state === 'online');
  const people = useAppState(({ view }) => view.people);
  const [times, setTimes] = useState<readonly OnlineTimes[] | 'loading' | 'failed'>('loading');
  useEffect(() => {
    let wanted = true;
    const read = async () => {
      const outcome = await actions.run('presence.history', { seconds: RANGES[range] });
      if (wanted)
        setTimes((before) => (outcome.ok ? outcome.result.users : typeof before === 'string' ? 'failed' : before));
    };
    void read();
    return () => {
      wanted = false;
    };
    // Read again when somebody comes or goes.
  }, [actions, range, connected, people]);
  return times;
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
