import { showableTime } from '../protocol/time.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Formats times and counts for a locale. Times are milliseconds since 1970 UTC, formatted in local time. No time
 * makes a method throw: one that no calendar has is shown as the closest that it has (G11).
 */
export class Format {
  readonly #time: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #weekday: Intl.DateTimeFormat;
  readonly #short: Intl.DateTimeFormat;
  readonly #shortOfYear: Intl.DateTimeFormat;
  readonly #number: Intl.NumberFormat;
  readonly #second: Intl.DateTimeFormat;
  readonly #secondOfDay: Intl.DateTimeFormat;
  readonly #ago: Intl.RelativeTimeFormat;

  constructor(locale: string) {
    this.#time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    this.#day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
    this.#date = new Intl.DateTimeFormat(locale, {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
    });
    this.#weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });
    this.#short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
    this.#shortOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
    this.#number = new Intl.NumberFormat(locale);
    const second = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
    this.#second = new Intl.DateTimeFormat(locale, second);
    this.#secondOfDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', ...second });
    this.#ago = new Intl.RelativeTimeFormat(locale, { style: 'short' });
  }

  /** A whole number with separators of thousands. */
  number(value: number): string {
    return this.#number.format(value);
  }

  time(at: number): string {
    return this.#time.format(showableTime(at));
  }

  /** A time for programs, such as the attribute of an element (ISO 8601). */
  machine(at: number): string {
    return new Date(showableTime(at)).toISOString();
  }

  /** The hour of a time, for an axis. */
  hour(at: number): string {
    return String(new Date(showableTime(at)).getHours()).padStart(2, '0');
  }

  weekday(at: number): string {
    return this.#weekday.format(showableTime(at));
  }

  /** A whole day, such as a heading between messages. */
  day(at: number, now: number, words: { today: string; yesterday: string }): string {
    const days = daysBetween(at, now);
    if (days === 0) return words.today;
    if (days === 1) return words.yesterday;
    return sameYear(at, now) ? this.#day.format(showableTime(at)) : this.#date.format(showableTime(at));
  }

  /** The shortest form: the time today, the weekday within a week, else the date, with the year if it is another year. */
  brief(at: number, now: number): string {
    const days = Math.abs(daysBetween(at, now));
    if (days === 0) return this.time(at);
    if (days < 7) return this.#weekday.format(showableTime(at));
    return sameYear(at, now) ? this.#short.format(showableTime(at)) : this.#shortOfYear.format(showableTime(at));
  }

  /** The time, with the day if it is another day. */
  moment(at: number, now: number): string {
    return daysBetween(at, now) === 0 ? this.time(at) : `${this.brief(at, now)} ${this.time(at)}`;
  }

  /** A time to the second; with the date if it is another day. */
  timestamp(at: number, now: number): string {
    return (daysBetween(at, now) === 0 ? this.#second : this.#secondOfDay).format(showableTime(at));
  }

  /** Date and time to the second. */
  exact(at: number): string {
    return this.#secondOfDay.format(showableTime(at));
  }

  /** The whole minutes since a time. */
  minutesAgo(at: number, now: number): string {
    return this.#ago.format(-Math.floor((showableTime(now) - showableTime(at)) / MINUTE_MS), 'minute');
  }

  /** A duration as a clock: 1:05, 12:00, 1:00:00. @param ms rounded up to seconds */
  clock(ms: number): string {
    const seconds = Math.ceil(showableTime(ms) / 1000);
    const two = (value: number) => String(value).padStart(2, '0');
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
    return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  }
}

function startOfDay(at: number): number {
  return new Date(showableTime(at)).setHours(0, 0, 0, 0);
}

function sameYear(at: number, now: number): boolean {
  return new Date(showableTime(at)).getFullYear() === new Date(showableTime(now)).getFullYear();
}

/** Calendar days from one time to a later one. */
export function daysBetween(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
}
