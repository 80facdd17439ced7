import { firstCharacters, shortened } from '../../shared/text/cut.ts';
import { type Piece, readMarkdown } from './markdown.ts';

/** So much of a text is read at most: enough that what is cut in two there stays out of sight. */
const READ = 1_000;

/**
 * The beginning of a message in one line, as it looks and not as it was written: in the list, in a notification, and for
 * screen readers.
 * @param length in characters, at most
 */
export function previewOf(text: string, length: number): string {
  const line = wordsOf(readMarkdown(firstCharacters(text, READ)))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return shortened(line, length);
}

/** A whole message as it looks and not as it was written, without its form. */
export function plainTextOf(text: string): string {
  return wordsOf(readMarkdown(text));
}

function wordsOf(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => {
      switch (piece.kind) {
        case 'text':
        case 'code':
          return piece.text;
        case 'block':
          return ` ${piece.text} `;
        case 'item':
          return `\n${piece.mark}${wordsOf(piece.inside)}\n`;
        case 'quote':
          return `\n${wordsOf(piece.inside)}\n`;
        case 'strong':
        case 'emphasis':
        case 'strike':
        case 'link':
          return wordsOf(piece.inside);
      }
    })
    .join('');
}
