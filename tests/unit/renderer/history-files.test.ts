import { File } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import {
  exportHistory,
  exportName,
  type ExportResult,
} from '../../../src/renderer/features/settings/export-history.ts';
import { type ImportResult, importHistory } from '../../../src/renderer/features/settings/import-history.ts';
import { readFileLines } from '../../../src/renderer/features/settings/read-file-lines.ts';
import { FakePort } from '../../support/demo-page/fake-port.ts';
import { COMMANDS, type CommandParams } from '../../../src/shared/client-api/contract.ts';
import { failed, succeeded } from '../../../src/shared/client-api/failure.ts';
import { FRAME_LIMITS } from '../../../src/shared/client-api/frames.ts';

const HEADER = '{"aside":"history","version":1}';
const never = new AbortController().signal;

/** A file that is read in chunks of this size. */
function inPieces(text: string | Uint8Array, size: number): Blob {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const stream = () =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
  return { size: bytes.length, stream } as unknown as Blob;
}

async function linesOf(file: Blob, longest: number): Promise<(string | undefined)[]> {
  const all: (string | undefined)[] = [];
  for await (const { lines } of readFileLines(file, longest)) all.push(...lines);
  return all;
}

describe('Lines of a file', () => {
  it.each([1, 2, 3, 7, 1_000])('are the same in chunks of %i bytes, with either line end', async (size) => {
    const text = 'erste Zeile: Grüße\r\n\n🙂🙂\nlast, without an end';
    expect(await linesOf(inPieces(text, size), 50)).toEqual(['erste Zeile: Grüße', '', '🙂🙂', 'last, without an end']);
    expect(await linesOf(inPieces('one\n', size), 50)).toEqual(['one']);
    expect(await linesOf(inPieces('', size), 50)).toEqual([]);
    expect(await linesOf(inPieces('\u{feff}one\n', size), 50)).toEqual(['one']);
  });

  it.each([1, 4, 1_000])('are skipped if they are too long, in chunks of %i bytes', async (size) => {
    const text = `12345\r\n123456\n\n${'x'.repeat(40)}\n12345\n${'y'.repeat(9)}`;
    expect(await linesOf(inPieces(text, size), 5)).toEqual(['12345', undefined, '', undefined, '12345', undefined]);
  });

  it('are refused if they aren’t UTF-8, also at the very end', async () => {
    await expect(linesOf(inPieces(new Uint8Array([65, 255, 10]), 2), 50)).rejects.toThrow(TypeError);
    await expect(linesOf(inPieces(new Uint8Array([65, 10, 0xc3]), 2), 50)).rejects.toThrow(TypeError);
  });
});

describe('History export (G8)', () => {
  it('reads page after page into one file and counts the messages', async () => {
    const port = new FakePort();
    port.answer('history.export', ({ from }) => {
      const page = from?.position ?? 0;
      const next = page < 700 ? { next: { position: page + 1 } } : {};
      return succeeded({ text: `${page} ${'x'.repeat(10_000)}\n`, messages: 200, ...next });
    });
    const counted: number[] = [];
    const result = await exportHistory(
      (name, params) => port.command(name, params),
      { format: 'json', conversation: '@hans' },
      never,
      (count) => counted.push(count),
    );
    expect(result.kind).toBe('done');
    const { file, messages } = result as Extract<ExportResult, { kind: 'done' }>;
    const lines = (await file.text()).split('\n');
    expect(lines.map((line) => Number(line.split(' ')[0]))).toEqual([...Array.from({ length: 701 }, (_, n) => n), 0]);
    expect(messages).toBe(701 * 200);
    expect(counted.at(1)).toBe(400);
    expect(port.calls[1]?.params).toEqual({ format: 'json', conversation: '@hans', from: { position: 1 } });
    expect(file.type, 'never a page of the app').toBe('application/octet-stream');
  });

  it('stops after a cancellation and after a failed page', async () => {
    const port = new FakePort();
    const controller = new AbortController();
    port.answer('history.export', () => succeeded({ text: 'x', messages: 1, next: {} }));
    const run = exportHistory(
      (name, params) => port.command(name, params),
      { format: 'html' },
      controller.signal,
      (count) => {
        if (count === 3) controller.abort();
      },
    );
    expect(await run).toEqual({ kind: 'cancelled' });
    expect(port.calls).toHaveLength(4);
    port.answer('history.export', () => failed('storage-here'));
    const failing = exportHistory(
      (name, params) => port.command(name, params),
      { format: 'html' },
      never,
      () => {},
    );
    expect(await failing).toMatchObject({ kind: 'failed', failure: { reason: 'storage-here' } });
  });

  it('names the file after the account and the day, without characters that file systems reserve', () => {
    const day = new Date(2026, 0, 5, 12).getTime();
    expect(exportName('json', ['kev'], day)).toBe('aside-kev-2026-01-05.jsonl');
    expect(exportName('html', ['Zoë', '../a/b:c*'], day)).toBe('aside-Zoë-.._a_b_c_-2026-01-05.html');
  });
});

describe('History import (G8)', () => {
  const importing = (port: FakePort, file: Blob, signal = never): Promise<ImportResult> =>
    importHistory(
      (name, params) => port.command(name, params),
      file,
      signal,
      () => {},
    );
  const sent = (port: FakePort) =>
    port.calls.map(({ params }) => params as CommandParams<'history.import'>).filter(({ lines }) => lines.length > 0);

  /** Counts lines that start with m as messages, and answers like the client. */
  function counting(): FakePort {
    const port = new FakePort();
    port.answer('history.import', (params) => {
      expect(COMMANDS['history.import'].params.safeParse(params).success).toBe(true);
      const faults = params.lines.flatMap((line, n) =>
        line.startsWith('bad') ? [{ line: params.firstLine + n, reason: 'not-json' as const }] : [],
      );
      const added = params.lines.filter((line) => line.startsWith('m')).length;
      return succeeded({ added, repeated: 1, faults, place: (params.place ?? 0) + added });
    });
    return port;
  }

  it('sends batches one after the other with their positions, and a final one', async () => {
    const port = counting();
    const text = [HEADER, ...Array.from({ length: 1_200 }, (_, n) => `m${n}`), 'bad', ''].join('\n');
    const result = await importing(port, inPieces(text, 1_000));
    expect(result).toEqual({
      end: { kind: 'done' },
      summary: { added: 1_200, repeated: 3, faulty: 1, faults: [{ line: 1_202, reason: 'not-json' as const }] },
    });
    expect(sent(port).map(({ lines, firstLine, place }) => [lines.length, firstLine, place])).toEqual([
      [500, 1, undefined],
      [500, 501, 499],
      [202, 1_001, 999],
    ]);
    expect(sent(port).every(({ more }) => more === true)).toBe(true);
    expect(port.calls.at(-1)?.params).toEqual({ lines: [], firstLine: 1_203, place: 1_200 });
  });

  it('passes the position on, also after a message that the history already has', async () => {
    const port = new FakePort();
    port.answer('history.import', ({ firstLine }) =>
      succeeded({
        added: 0,
        repeated: 0,
        faults: [],
        place: -5,
        ...(firstLine === 501 ? {} : { behind: firstLine + 6 }),
      }),
    );
    await importing(port, inPieces([HEADER, ...Array.from({ length: 1_200 }, () => 'm')].join('\n'), 1_000));
    expect(sent(port).map(({ place, behind }) => [place, behind])).toEqual([
      [undefined, undefined],
      [-5, 7],
      [-5, undefined],
    ]);
  });

  it('keeps each batch within a frame, whatever the lines contain', async () => {
    const port = counting();
    // Each of these characters takes six bytes of JSON.
    const lines = Array.from({ length: 12 }, () => `m${'\u{1}'.repeat(99_999)}`);
    const { summary } = await importing(port, inPieces([HEADER, ...lines].join('\n'), 65_536));
    expect(summary.added).toBe(12);
    for (const params of sent(port)) {
      const frame = JSON.stringify({ id: Number.MAX_SAFE_INTEGER, command: 'history.import', params });
      expect(new TextEncoder().encode(frame).length).toBeLessThanOrEqual(FRAME_LIMITS.frameBytes);
    }
  });

  it('reports lines that are too long by number and continues', async () => {
    const port = counting();
    const text = [HEADER, 'bad', 'm1', 'x'.repeat(100_001), 'bad', 'm2'].join('\n');
    expect((await importing(port, inPieces(text, 4_096))).summary).toEqual({
      added: 2,
      repeated: 1,
      faulty: 3,
      faults: [
        { line: 2, reason: 'not-json' as const },
        { line: 4, reason: 'too-long' },
        { line: 5, reason: 'not-json' as const },
      ],
    });
  });

  it.each([
    ['nothing', '', 'foreign'],
    ['a page', '<!doctype html>\n<p>x</p>', 'foreign'],
    ['other JSON', '{"messages":[]}', 'foreign'],
    ['another history', '{"aside":"drafts","version":1}', 'foreign'],
    ['one endless line', 'x'.repeat(300_000), 'foreign'],
    ['a newer history', '{"aside":"history","version":2}\nm', 'newer'],
  ])('reads nothing of a wrong file: %s', async (_name, text, kind) => {
    const port = counting();
    expect((await importing(port, inPieces(text, 1_000))).end).toEqual({ kind });
    expect(port.calls).toEqual([]);
  });

  it('keeps the imported messages after an early end, and all user interfaces read the history again', async () => {
    const lines = [HEADER, ...Array.from({ length: 999 }, (_, n) => `m${n}`)].join('\n');
    const damaged = new Uint8Array([...new TextEncoder().encode(`${lines}\nm`), 255]);
    const port = counting();
    expect(await importing(port, inPieces(damaged, 1_000))).toMatchObject({
      end: { kind: 'unreadable' },
      summary: { added: 499 },
    });
    expect(port.calls.at(-1)?.params).toMatchObject({ lines: [], place: 499 });

    const stopping = counting();
    const controller = new AbortController();
    const run = importHistory(
      (name, params) => {
        controller.abort();
        return stopping.command(name, params);
      },
      inPieces(lines, 1_000),
      controller.signal,
      () => {},
    );
    expect(await run).toMatchObject({ end: { kind: 'cancelled' }, summary: { added: 499 } });
    expect(sent(stopping)).toHaveLength(1);
    expect(stopping.calls.at(-1)?.params).toMatchObject({ lines: [], place: 499 });

    const failing = new FakePort();
    failing.answer('history.import', () => failed('storage-here'));
    const result = await importing(failing, inPieces(lines, 1_000));
    expect(result.end).toMatchObject({ kind: 'failed', failure: { reason: 'storage-here' } });
    expect(failing.calls).toHaveLength(1);
  });

  it('holds at most one chunk and one batch of 300,000 lines in memory', async () => {
    const piece = new TextEncoder().encode('m\n'.repeat(1_000));
    let given = 0;
    let ahead = 0;
    const port = counting();
    const stream = () =>
      new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            if (given === 0) controller.enqueue(new TextEncoder().encode(`${HEADER}\n`));
            if (given === 300) controller.close();
            else controller.enqueue(piece);
            given++;
            ahead = Math.max(ahead, given * 1_000 - sent(port).length * 500);
          },
        },
        { highWaterMark: 0 },
      );
    const { summary } = await importing(port, { size: 600_000, stream } as unknown as Blob);
    expect(summary.added).toBe(300_000);
    expect(ahead).toBeLessThan(4_000);
  });

  it('reads a file object of a browser', async () => {
    const file = new File([`${HEADER}\nm1\n`], 'aside.jsonl') as unknown as Blob;
    expect((await importing(counting(), file)).summary.added).toBe(1);
  });
});
