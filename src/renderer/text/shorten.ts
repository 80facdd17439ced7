import { characterStart } from '../../shared/text/cut.ts';

/** Lines that a shortened message shows. */
const LINES = 30;
/** Fewer than this left out are not worth a click. */
const SPARED = 6;
/** Characters that go into a line, about. */
const WIDTH = 60;

/** The beginning of a long text, cut after a line, else after a word. @returns undefined if the text is short enough */
export function shorten(text: string): string | undefined {
  let lines = 0;
  let cut: number | undefined;
  for (let from = 0; from <= text.length && lines <= LINES + SPARED; ) {
    const found = text.indexOf('\n', from);
    const end = found < 0 ? text.length : found;
    const more = Math.max(1, Math.ceil((end - from) / WIDTH));
    if (cut === undefined && lines + more > LINES)
      cut = lines === LINES ? from - 1 : wordBefore(text, from, from + (LINES - lines) * WIDTH);
    lines += more;
    from = end + 1;
  }
  return cut === undefined || lines <= LINES + SPARED ? undefined : `${text.slice(0, cut).trimEnd()}\n…`;
}

/** The last word boundary before `end`; the last character boundary if there is only one word. */
function wordBefore(text: string, from: number, end: number): number {
  const space = text.lastIndexOf(' ', end);
  if (space > from) return space;
  return characterStart(text, end);
}
