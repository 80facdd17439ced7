import { type KeyboardEvent, useState } from 'react';
import { useFormat, useStrings } from '../../ui/app-context.tsx';
import { type Bar, barsOf, type OnlineTimes, type RangeName, TICK_MS, ticksOf } from './spans.ts';

interface PictureProps {
  readonly people: readonly OnlineTimes[];
  readonly end: number;
  readonly spanMs: number;
  readonly range: RangeName;
}

/** Bars over time; the bar with the pointer or the focus shows its exact times. */
export function OnlinePicture({ people, end, spanMs, range }: PictureProps) {
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
            style={{ insetInlineStart: `min(${bar.start * 100}%, 100% - 3px)`, width: `${bar.length * 100}%` }}
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
