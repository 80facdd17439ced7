import MarkdownIt from 'markdown-it';
import { beginsWord, endsWord, readMarkRun } from './mark-boundary.ts';

/** Markdown's inline subset. Line breaks, spaces and everything that is no mark stay as written (G12). */
export const inlineParser = new MarkdownIt('zero', { html: false, linkify: true }).enable([
  'emphasis',
  'strikethrough',
  'linkify',
]);

type InlineState = InstanceType<typeof inlineParser.inline.State>;

const LINK = /\[([^[\]\n]{1,1000})\]\((https?:\/\/[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*|mailto:[^\s()<>]+)\)/iy;
const MARKS = '*_~';

const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:']);

/** A link that may be offered to be opened. @returns undefined for every other scheme, and for what is no address */
export function safeUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return SAFE_SCHEMES.has(url.protocol) ? url : undefined;
}

/** A link with a label at an index. @param before the end of the text before it */
function linkAt(text: string, index: number, before: number): { label: string; url: string; end: number } | undefined {
  LINK.lastIndex = index;
  const [all = '', label = '', url = ''] = LINK.exec(text) ?? [];
  const end = index + all.length;
  if (all === '' || !beginsWord(text, before) || !endsWord(text, end, text.length) || safeUrl(url) === undefined)
    return undefined;
  return { label, url, end };
}

/** Code between backticks at an index. @param before the end of the text before it */
function codeAt(text: string, index: number, before: number): { code: string; end: number } | undefined {
  const fence = /`+/y;
  fence.lastIndex = index;
  const ticks = fence.exec(text)?.[0] ?? '';
  if (ticks === '' || !(beginsWord(text, before) || /[/,;:-]/.test(text.charAt(before - 1)))) return undefined;
  const start = index + ticks.length;
  for (let close = text.indexOf(ticks, start); close >= 0; ) {
    let end = close + ticks.length;
    while (text.charAt(end) === '`') end++;
    if (end - close === ticks.length) {
      if (!endsWord(text, end, text.length) && !/[-/]/.test(text.charAt(end))) return undefined;
      const inside = text.slice(start, close);
      // Spaces separate the fence from backticks in the code.
      const code = /^ `|` $/.test(inside) ? inside.replaceAll(/^ (?=`)|(?<=`) $/g, '') : inside;
      return code.trim() === '' ? undefined : { code, end };
    }
    close = text.indexOf(ticks, end);
  }
  return undefined;
}

function readCode(state: InlineState, silent: boolean): boolean {
  if (state.src.charAt(state.pos) !== '`') return false;
  const found = codeAt(state.src, state.pos, state.pos);
  if (found === undefined || found.end > state.posMax) {
    // All backticks of this run are text.
    while (state.src.charAt(state.pos) === '`' && state.pos < state.posMax) {
      if (!silent) state.pending += '`';
      state.pos++;
    }
    return true;
  }
  if (!silent) state.push('code_inline', 'code', 0).content = found.code;
  state.pos = found.end;
  return true;
}

function readLink(state: InlineState, silent: boolean): boolean {
  if (state.src.charAt(state.pos) !== '[' || state.linkLevel > 0) return false;
  const found = linkAt(state.src, state.pos, state.pos);
  if (found === undefined || found.end > state.posMax) return false;
  if (!silent) {
    const { posMax } = state;
    state.push('link_open', 'a', 1).attrs = [['href', found.url]];
    state.pos += 1;
    state.posMax = state.pos + found.label.length;
    state.linkLevel++;
    state.md.inline.tokenize(state);
    state.linkLevel--;
    state.posMax = posMax;
    state.push('link_close', 'a', -1);
  }
  state.pos = found.end;
  return true;
}

/** A backslash disappears only if the character after it would otherwise be a mark, so that paths stay as written. */
function readEscape(state: InlineState, silent: boolean): boolean {
  const { src, pos } = state;
  if (src.charAt(pos) !== '\\') return false;
  const marks = escapedAt(state, pos + 1);
  if (marks === 0) return false;
  if (!silent) state.pending += src.slice(pos + 1, pos + 1 + marks);
  state.pos += 1 + marks;
  return true;
}

/** Number of characters after a backslash that would be a mark. */
function escapedAt({ src, delimiters, env }: InlineState, at: number): number {
  const mark = src.charAt(at);
  if (mark === '`') return codeAt(src, at, at - 1) === undefined ? 0 : 1;
  if (mark === '[') return linkAt(src, at, at - 1) === undefined ? 0 : 1;
  if (mark === '' || !MARKS.includes(mark)) return 0;
  const { length, opens, closes } = readMarkRun(src, at, at - 1);
  const escaped = env as Record<string, number | undefined>;
  if (opens && lastClosing(src, mark, escaped) > at) {
    escaped[`open ${mark}`] = at;
    return length;
  }
  const opened =
    escaped[`open ${mark}`] !== undefined ||
    delimiters.some((delimiter) => delimiter.open && delimiter.marker === mark.charCodeAt(0));
  return closes && opened ? length : 0;
}

/** Index of the last mark of a kind that could close, escaped or not; -1 if there is none. */
function lastClosing(text: string, mark: string, known: Record<string, number | undefined>): number {
  const key = `last ${mark}`;
  const before = known[key];
  if (before !== undefined) return before;
  let last = text.lastIndexOf(mark);
  for (; last >= 0; last = last === 0 ? -1 : text.lastIndexOf(mark, last - 1)) {
    while (text.charAt(last - 1) === mark) last--;
    const before = text.charAt(last - 1) === '\\' ? last - 1 : last;
    if (readMarkRun(text, last, before).closes) break;
  }
  known[key] = last;
  return last;
}

inlineParser.inline.State = class extends inlineParser.inline.State {
  override scanDelims(start: number): { can_open: boolean; can_close: boolean; length: number } {
    const { length, opens, closes } = readMarkRun(this.src, start, start, this.posMax);
    return { can_open: opens, can_close: closes, length };
  }
};
inlineParser.inline.ruler.before('emphasis', 'code-as-written', readCode);
inlineParser.inline.ruler.before('emphasis', 'link-as-written', readLink);
inlineParser.inline.ruler.before('emphasis', 'escape-as-written', readEscape);
// NUL and carriage returns stay (D5), and addresses are not decoded.
inlineParser.core.ruler.disable('normalize');
inlineParser.normalizeLinkText = (url) => url;
inlineParser.linkify.add('www.', {
  validate: (text, position, self) => {
    const host = self.testSchemaAt(`//www.${text.slice(position)}`, '//', 2);
    return host > 4 ? host - 4 : 0;
  },
  normalize: (match) => {
    match.url = `https://${match.text}`;
  },
});
