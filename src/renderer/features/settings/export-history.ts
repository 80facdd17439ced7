import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import type { Failure } from '../../../shared/client-api/failure.ts';
import type { ClientActions } from '../../store/client.ts';

/** Characters of one part; the browser stores finished parts outside the page's memory. */
const PIECE_CHARACTERS = 4 * 1024 * 1024;

type Params = CommandParams<'history.export'>;
export type ExportWish = Pick<Params, 'format' | 'conversation'>;

export type ExportResult =
  | { readonly kind: 'done'; readonly file: Blob; readonly messages: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Reads the history in pages into a file, never as one string (G8). @param tell called with the number of messages so far */
export async function exportHistory(
  run: ClientActions['run'],
  wish: ExportWish,
  signal: AbortSignal,
  tell: (messages: number) => void,
): Promise<ExportResult> {
  const pieces: Blob[] = [];
  let texts: string[] = [];
  let characters = 0;
  let messages = 0;
  let from: CommandResult<'history.export'>['next'];
  do {
    const outcome = await run('history.export', { ...wish, ...(from === undefined ? {} : { from }) });
    if (signal.aborted) return { kind: 'cancelled' };
    if (!outcome.ok) return { kind: 'failed', failure: outcome.failure };
    const page = outcome.result;
    texts.push(page.text);
    characters += page.text.length;
    if (characters > PIECE_CHARACTERS) {
      pieces.push(new Blob(texts));
      texts = [];
      characters = 0;
    }
    messages += page.messages;
    tell(messages);
    from = page.next;
  } while (from !== undefined);
  // Not `text/html`: a browser must never open the file as a page of the app.
  return { kind: 'done', file: new Blob([...pieces, ...texts], { type: 'application/octet-stream' }), messages };
}

const EXTENSIONS = { json: 'jsonl', html: 'html' } as const;

/** File name: the account, the other user if any, and the day. @param now milliseconds since 1970 UTC */
export function exportName(format: Params['format'], names: readonly string[], now: number): string {
  const date = new Date(now);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  // Leave out characters with a meaning for file systems and shells.
  const safe = names.map((name) => name.replaceAll(/[^\p{L}\p{M}\p{N}._-]/gu, '_'));
  return `${['aside', ...safe, day].join('-')}.${EXTENSIONS[format]}`;
}
