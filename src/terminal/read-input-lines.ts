import { terminalText } from '../shared/text/terminal.ts';

const { mistakes } = terminalText;

/** A line of standard input, or why it cannot be read. */
export type InputLine = { readonly text: string } | { readonly mistake: string };

const LF = 0x0a;
const CR = 0x0d;
const BOM = [0xef, 0xbb, 0xbf];
/** Longer than every command: 8 KiB of text, each byte as a JSON escape of six characters, and the other members. */
const LONGEST = 65_536;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads lines of a pipe, byte for byte: only LF ends a line, and one CR before it belongs to the end. A line that is too
 * long or not UTF-8 yields a mistake, and reading continues with the next line.
 */
export async function* readInputLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<InputLine> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let isFirst = true;
  const take = (): InputLine => {
    const line = bytes > LONGEST ? undefined : Buffer.concat(parts);
    parts = [];
    bytes = 0;
    if (line === undefined) return { mistake: mistakes.lineTooLong };
    // Programs on Windows begin a file with a byte order mark.
    const marked = isFirst && BOM.every((byte, index) => line[index] === byte);
    isFirst = false;
    return decode(marked ? line.subarray(BOM.length) : line);
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      parts.push(chunk.subarray(start, end));
      bytes += end - start;
      start = end + 1;
      yield take();
    }
    bytes += chunk.length - start;
    if (bytes <= LONGEST) parts.push(chunk.subarray(start));
    else parts = [];
  }
  if (bytes > 0) yield take();
}

function decode(line: Uint8Array): InputLine {
  try {
    return { text: decoder.decode(line.at(-1) === CR ? line.subarray(0, -1) : line) };
  } catch {
    return { mistake: mistakes.notUtf8 };
  }
}
