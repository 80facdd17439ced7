import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useActions, useAppState, useFormat, useNow, useStrings } from '../../ui/app-context.tsx';
import {
  type Bar,
  barsOf,
  inOrder,
  type OnlineTimes,
  RANGE_NAMES,
  type RangeName,
  RANGES,
  TICK_MS,
  ticksOf,
} from './spans.ts';

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
  const shown = typeof people === 'string' ? [] : inOrder(people, now, spanMs, top).slice(0, most);
  return (
    <div>
      <RangeChoice range={range} onRange={setRange} />
      {people === 'failed' ? <p className="py-2 text-[0.8rem] text-ink-2">{strings.history.failed}</p> : null}
      {people === 'loading' ? <p className="py-2 text-[0.8rem] text-ink-2">{strings.loading}</p> : null}
      {typeof people !== 'string' && shown.length === 0 ? (
        <p className="py-2 text-[0.8rem] text-ink-2">{strings.history.nobody}</p>
      ) : null}
      {shown.length === 0 ? null : asTable ? (
        <TimesTable people={shown} end={now} spanMs={spanMs} />
      ) : (
        <Picture people={shown} end={now} spanMs={spanMs} range={range} />
      )}
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

interface PictureProps {
  readonly people: readonly OnlineTimes[];
  readonly end: number;
  readonly spanMs: number;
  readonly range: RangeName;
}

function Picture({ people, end, spanMs, range }: PictureProps) {
  const strings = useStrings();
  const [told, setTold] = useState<string>();
  return (
    <div>
      {people.map(({ username, intervals }) => (
        <PersonRow
          key={username}
          username={username}
          bars={barsOf(intervals, end, spanMs)}
          end={end}
          onTell={setTold}
        />
      ))}
      <Axis end={end} spanMs={spanMs} range={range} />
      <p role="status" className="mt-1 min-h-[2.2em] text-[0.75rem] text-ink-2">
        {told ?? strings.history.hint}
      </p>
    </div>
  );
}

interface PersonRowProps {
  readonly username: string;
  readonly bars: readonly Bar[];
  readonly end: number;
  readonly onTell: (text: string | undefined) => void;
}

function PersonRow({ username, bars, end, onTell }: PersonRowProps) {
  const strings = useStrings();
  const format = useFormat();
  const [place, setPlace] = useState<number>();
  const text = ({ from, to }: Bar) =>
    strings.history.interval(format.moment(from, end), to === null ? strings.history.now : format.moment(to, end));
  const tell = (index: number | undefined) => {
    setPlace(index);
    const bar = index === undefined ? undefined : bars[index];
    onTell(bar === undefined ? undefined : strings.history.intervals(username, text(bar)));
  };
  const pressed = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || bars.length === 0) return;
    event.preventDefault();
    tell(Math.min(Math.max((place ?? (step > 0 ? -1 : bars.length)) + step, 0), bars.length - 1));
  };
  return (
    <div className="grid grid-cols-[minmax(0,4.2rem)_1fr] items-center gap-2 py-[3px] text-[0.75rem]">
      <span className="truncate" title={username}>
        {username}
      </span>
      <div
        role="img"
        tabIndex={0}
        aria-label={strings.history.intervals(username, bars.map(text).join(', '))}
        onKeyDown={pressed}
        onBlur={() => tell(undefined)}
        onPointerLeave={() => tell(undefined)}
        className="bar-track relative h-4 overflow-hidden rounded-[5px] focus-visible:outline-offset-1"
      >
        {bars.map((bar, index) => (
          <span
            key={bar.from}
            title={text(bar)}
            onPointerEnter={() => tell(index)}
            className={`absolute inset-y-0 min-w-[3px] rounded-[3px] bg-ok ${index === place ? 'brightness-75' : ''}`}
            style={{ insetInlineStart: `${bar.start * 100}%`, width: `${bar.length * 100}%` }}
          />
        ))}
      </div>
    </div>
  );
}

function Axis({ end, spanMs, range }: { end: number; spanMs: number; range: RangeName }) {
  const format = useFormat();
  const label = { hour: format.time, shift: format.hour, day: format.hour, week: format.weekday }[range];
  return (
    <div aria-hidden="true" className="relative ms-[4.7rem] h-4 text-[0.65rem] text-ink-3">
      {ticksOf(end, spanMs, TICK_MS[range]).map((at) => (
        <span
          key={at}
          className="absolute -translate-x-1/2 rtl:translate-x-1/2"
          style={{ insetInlineStart: `${((at - end + spanMs) / spanMs) * 100}%` }}
        >
          {label.call(format, at)}
        </span>
      ))}
    </div>
  );
}

function TimesTable({ people, end, spanMs }: { people: readonly OnlineTimes[]; end: number; spanMs: number }) {
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
