import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Framer } from '../../../src/shared/protocol/framer.ts';

const LF = 0x0a;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A framer that records copies of its lines, because a line is valid only during the call. */
function recorder(limit: number): { framer: Framer; lines: string[]; overflows: () => number } {
  const lines: string[] = [];
  let overflows = 0;
  const framer = new Framer(limit, {
    line: (line) => lines.push(Buffer.from(line).toString('hex')),
    overflow: () => {
      overflows += 1;
    },
  });
  return { framer, lines, overflows: () => overflows };
}

const hex = (text: string): string => Buffer.from(text).toString('hex');

describe('Framer', () => {
  it('[ASIDE-2.2-1] gives the same lines for every division into chunks', () => {
    const line = fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.filter((byte) => byte !== LF));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 60 })), (given, cuts) => {
        const stream = Buffer.concat(given.flatMap((bytes) => [bytes, Buffer.of(LF)]));
        const { framer, lines, overflows } = recorder(40);
        let start = 0;
        for (const cut of cuts) {
          framer.push(stream.subarray(start, start + cut));
          start += cut;
        }
        framer.push(stream.subarray(start));
        expect(lines).toEqual(given.map((bytes) => Buffer.from(bytes).toString('hex')));
        expect(overflows()).toBe(0);
      }),
    );
  });

  it('[ASIDE-2.2-1] reads single bytes, and empty lines', () => {
    const { framer, lines } = recorder(600);
    const long = 'ü'.repeat(300);
    for (const byte of encode(`one\n\n${long}\nlast\nunfinished`)) framer.push(Uint8Array.of(byte));
    expect(lines).toEqual(['one', '', long, 'last'].map(hex));
  });

  it('keeps no reference to the chunk', () => {
    const { framer, lines } = recorder(100);
    const chunk = encode('begun');
    framer.push(chunk);
    chunk.fill(0x78);
    framer.push(encode(' and ended\n'));
    expect(lines).toEqual([hex('begun and ended')]);
  });

  it.each([1, 10, 256, 4_096])('[ASIDE-2.2-2] accepts a line of exactly the limit (%i)', (limit) => {
    for (const pieces of [1, 2, limit + 1]) {
      const fits = recorder(limit);
      const over = recorder(limit);
      const text = 'a'.repeat(limit);
      pushInPieces(fits.framer, encode(`${text}\n`), pieces);
      pushInPieces(over.framer, encode(`${text}a\n`), pieces);
      expect(fits.lines).toEqual([hex(text)]);
      expect(fits.overflows()).toBe(0);
      expect(over.lines).toEqual([]);
      expect(over.overflows()).toBe(1);
    }
  });

  it('[ASIDE-2.2-5] reports a line that is too long before its end', () => {
    const { framer, overflows } = recorder(10);
    framer.push(encode('0123456789'));
    expect(overflows()).toBe(0);
    framer.push(encode('0'));
    expect(overflows()).toBe(1);
  });

  it('[ASIDE-2.2-5] reads no more after an overflow', () => {
    const { framer, lines, overflows } = recorder(4);
    framer.push(encode('good\ntoo long\nmore\n'));
    framer.push(encode('more\n'));
    expect(lines).toEqual([hex('good')]);
    expect(overflows()).toBe(1);
    expect(framer.closed).toBe(true);
  });

  it('[ASIDE-2.2-5] [ASIDE-3.4-10] spends neither time nor memory on an endless line of 100 MB', () => {
    const { framer, lines, overflows } = recorder(65_536);
    const chunk = new Uint8Array(65_536).fill(0x61);
    framer.push(chunk);
    framer.push(chunk);
    expect(overflows()).toBe(1);
    const memoryBefore = process.memoryUsage().arrayBuffers;
    const cpuBefore = process.cpuUsage();
    for (let sent = 0; sent < 100_000_000; sent += chunk.length) framer.push(chunk);
    const cpu = process.cpuUsage(cpuBefore);
    expect((cpu.user + cpu.system) / 1_000).toBeLessThan(10);
    expect(process.memoryUsage().arrayBuffers - memoryBefore).toBeLessThan(100_000);
    expect(lines).toEqual([]);
    expect(overflows()).toBe(1);
  });

  it('reads a line in single bytes in linear time', () => {
    const bytes = 1_000_000;
    const { framer, lines } = recorder(bytes);
    const byte = Uint8Array.of(0x61);
    const before = process.cpuUsage();
    for (let i = 0; i < bytes; i++) framer.push(byte);
    framer.push(Uint8Array.of(LF));
    const cpu = process.cpuUsage(before);
    expect(lines[0]?.length).toBe(bytes * 2);
    // Copying the unfinished line for every byte would move 500 GB.
    expect((cpu.user + cpu.system) / 1_000).toBeLessThan(5_000);
  });

  it('[ASIDE-2.2-3] allows a higher limit within a line, and between two lines of one chunk', () => {
    const { framer, lines, overflows } = recorder(4);
    framer.push(encode('abc'));
    framer.limit = 8;
    framer.push(encode('defgh\n'));
    expect(lines).toEqual([hex('abcdefgh')]);

    const raised: string[] = [];
    const second: Framer = new Framer(4, {
      line: (line) => {
        raised.push(Buffer.from(line).toString('utf8'));
        second.limit = 8;
      },
      overflow: () => raised.push('overflow'),
    });
    second.push(encode('abcd\nabcdefgh\nabcdefghi\n'));
    expect(raised).toEqual(['abcd', 'abcdefgh', 'overflow']);
    expect(overflows()).toBe(0);
  });

  it('drops the remaining lines of a chunk when closed', () => {
    const lines: string[] = [];
    const framer: Framer = new Framer(10, {
      line: (line) => {
        lines.push(Buffer.from(line).toString('utf8'));
        framer.close();
      },
      overflow: () => lines.push('overflow'),
    });
    framer.push(encode('one\ntwo\n'));
    framer.push(encode('three\n'));
    expect(lines).toEqual(['one']);
  });
});

function pushInPieces(framer: Framer, bytes: Uint8Array, pieces: number): void {
  const size = Math.ceil(bytes.length / pieces);
  for (let start = 0; start < bytes.length; start += size) framer.push(bytes.subarray(start, start + size));
}
