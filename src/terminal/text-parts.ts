import { Format } from '../shared/text/format.ts';
import { shortened } from '../shared/text/cut.ts';
import { printable } from './printable.ts';

const format = new Format('en-GB');

/** A local time to the second; with the date if it is not today. */
export function formatTimestamp(at: number): string {
  return format.timestamp(at, Date.now());
}

/** A local time to the minute; with the day if it is not today. */
export function formatMoment(at: number, now: number): string {
  return format.moment(at, now);
}

/** Lines, or a sentence if there are none. */
export function listOr(lines: readonly string[], none: string): string {
  return lines.length === 0 ? none : lines.join('\n');
}

/** The beginning of a text, on one line. */
export function summary(text: string): string {
  return printable(shortened(text, 60));
}
