import MarkdownIt from 'markdown-it';

/** A piece of a message's text. Nothing of it is ever HTML. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly inside: readonly Piece[] }
  | { readonly kind: 'link'; readonly url: string; readonly inside: readonly Piece[] }
  | { readonly kind: 'block'; readonly language: string; readonly text: string };

type InlineToken = ReturnType<(typeof parser)['parseInline']>[number];

/** Only what belongs inside a line. Line breaks and spaces stay as they were written. */
const parser = new MarkdownIt('zero', { html: false, linkify: true }).enable([
  'backticks',
  'emphasis',
  'strikethrough',
  'link',
  'linkify',
]);

const FENCE = /^```([^\n`]*)\n([\s\S]*?)\n?^```[ \t]*(?:\n|$)/gm;

const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:']);

/** A link that may be offered to be opened. @returns undefined for every other scheme, and for what is no address */
export function safeUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return SAFE_SCHEMES.has(url.protocol) ? url : undefined;
}

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
    pieces.push(...inline(text.slice(end, match.index).replace(/\n$/, '')));
    pieces.push({ kind: 'block', language: (match[1] ?? '').trim().toLowerCase(), text: match[2] ?? '' });
    end = match.index + match[0].length;
  }
  pieces.push(...inline(text.slice(end)));
  return pieces;
}

function inline(text: string): readonly Piece[] {
  if (text === '') return [];
  return build(parser.parseInline(text, {}).flatMap((token) => token.children ?? []));
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
