/** A line from standard input, or why one cannot be taken. */
export type InputLine = { readonly text: string } | { readonly mistake: string };

const LF = 0x0a;
const CR = 0x0d;
/** Longer than any command can be: 8 KiB of text, each byte as a JSON escape of six characters, and more. */
const LONGEST = 65_536;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Lines of a pipe, byte for byte: only LF ends a line, and one CR before it belongs to the end. A line that is too long
 * or no UTF-8 is told as a mistake, and reading goes on with the next.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<InputLine> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const take = (): InputLine => {
    const line = bytes > LONGEST ? undefined : Buffer.concat(parts);
    parts = [];
    bytes = 0;
    return line === undefined ? { mistake: 'That line is too long.' } : decode(line);
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
    return { mistake: 'That line is not valid UTF-8.' };
  }
}
