import { inlineParser } from './inline-parser.ts';

/** A piece of a message's text. Nothing of it is ever HTML. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly inside: readonly Piece[] }
  | { readonly kind: 'link'; readonly url: string; readonly inside: readonly Piece[] }
  | { readonly kind: 'block'; readonly language: string; readonly text: string }
  /** A line of a list with its mark, or quoted lines without theirs. */
  | { readonly kind: 'item'; readonly mark: string; readonly inside: readonly Piece[] }
  | { readonly kind: 'quote'; readonly inside: readonly Piece[] };

type InlineToken = ReturnType<(typeof inlineParser)['parseInline']>[number];

const FENCE = /^```([^\n`]*)\n([\s\S]*?)\n?^```[ \t]*(?:\n|$)/gm;
const LINE_MARK = /^(?:> | {0,8}- )/m;
const ITEM = /^ {0,8}- (?=\S)/;

/** The address of a `mailto:` link as its author wrote it; the encoded address if the encoding is damaged (G11). */
export function readableAddress({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/** Reads a message: Markdown's inline subset and fenced code blocks (G3). */
export function readMarkdown(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(FENCE)) {
    pieces.push(...readLines(text.slice(end, match.index).replace(/\n$/, '')));
    pieces.push({ kind: 'block', language: (match[1] ?? '').trim().toLowerCase(), text: match[2] ?? '' });
    end = match.index + match[0].length;
  }
  pieces.push(...readLines(text.slice(end)));
  return pieces;
}

/** Lines of a list and quoted lines; the lines between them keep their breaks. */
function readLines(text: string): readonly Piece[] {
  if (!LINE_MARK.test(text)) return inline(text);
  const pieces: Piece[] = [];
  let lines: string[] = [];
  let kind: 'plain' | 'quote' = 'plain';
  const finish = () => {
    const inside = inline(lines.join('\n'));
    if (lines.length > 0) pieces.push(...(kind === 'quote' ? [{ kind, inside }] : inside));
    lines = [];
  };
  for (const line of text.split('\n')) {
    const item = ITEM.exec(line)?.[0];
    const now = line.startsWith('> ') ? 'quote' : 'plain';
    if (item !== undefined || now !== kind) finish();
    kind = now;
    if (item !== undefined) pieces.push({ kind: 'item', mark: item, inside: inline(line.slice(item.length)) });
    else lines.push(now === 'quote' ? line.slice(2) : line);
  }
  finish();
  return pieces;
}

function inline(text: string): readonly Piece[] {
  if (text === '') return [];
  return build(inlineParser.parseInline(text, {}).flatMap((token) => token.children ?? []));
}

const NESTING = { strong_open: 'strong', em_open: 'emphasis', s_open: 'strike' } as const;

/** From the flat list of opening and closing tokens to nested pieces. */
function build(tokens: readonly InlineToken[]): readonly Piece[] {
  const root: Piece[] = [];
  const open: Piece[][] = [root];
  for (const token of tokens) {
    const here = open.at(-1) ?? root;
    if (token.nesting < 0) {
      if (open.length > 1) open.pop();
    } else if (token.nesting > 0) {
      const inside: Piece[] = [];
      here.push(opened(token, inside));
      open.push(inside);
    } else if (token.type === 'code_inline') here.push({ kind: 'code', text: token.content });
    else if (token.content !== '') here.push({ kind: 'text', text: token.content });
  }
  return root;
}

function opened(token: InlineToken, inside: Piece[]): Piece {
  if (token.type === 'link_open') return { kind: 'link', url: String(token.attrGet('href') ?? ''), inside };
  const kind = Object.hasOwn(NESTING, token.type) ? NESTING[token.type as keyof typeof NESTING] : 'emphasis';
  return { kind, inside };
}

/** One drawing, with its skin tone or tags. */
const DRAWN = String.raw`(?:(?!\p{RI})\p{Emoji_Presentation}|\p{Emoji}(?=\uFE0F)|\p{EBase}(?=\p{EMod}))[\uFE0F\p{EMod}\u{E0020}-\u{E007F}]*`;
/**
 * One to four emoji by their shape (UTS #51): flags, keycaps, drawings and what is joined of them. To make ready for
 * `\p{RGI_Emoji}`, a list of thousands, takes as long as ten frames.
 */
const EMOJI = new RegExp(String.raw`^(?:(?:\p{RI}{2}|[\d#*]\uFE0F\u20E3|${DRAWN}(?:\u200D${DRAWN})*)\s*){1,4}$`, 'u');

/** Whether a text is nothing but a few emoji, which are then shown large. */
export function onlyEmoji(text: string): boolean {
  return text.length <= 32 && EMOJI.test(text.trim());
}
