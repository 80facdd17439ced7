import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { parseTerminalOptions, usernameMistake } from '../../../src/terminal/options.ts';
import { readInputLines } from '../../../src/terminal/read-input-lines.ts';
import { VERSION } from '../../../src/terminal/version.ts';

const parse = (line: string, environment = {}) => parseTerminalOptions(line.split(' ').filter(Boolean), environment);

describe('Arguments of the terminal client', () => {
  it('are host, port and options', () => {
    expect(
      parse('chat.example 12000 --user kevin --register --json --data /x --take-over', { ASIDE_PASSWORD: 'p' }),
    ).toEqual({
      kind: 'run',
      options: {
        host: 'chat.example',
        port: 12_000,
        user: 'kevin',
        password: 'p',
        newPassword: undefined,
        invite: undefined,
        register: true,
        takeOver: true,
        dataFolder: '/x',
        json: true,
        plaintext: false,
        acceptCertificate: undefined,
        publicAddress: undefined,
      },
    });
  });

  it.each([
    ['203.0.113.7:40000', { address: '203.0.113.7', port: 40_000 }],
    ['[2001:db8::7]:40000', { address: '2001:db8::7', port: 40_000 }],
  ])('contain the public address %s, also from the environment (F2)', (text, publicAddress) => {
    expect(parse(`h 1 --public-address ${text}`)).toMatchObject({ options: { publicAddress } });
    expect(parse('h 1', { ASIDE_PUBLIC_ADDRESS: text })).toMatchObject({ options: { publicAddress } });
  });

  it('accept a fingerprint with or without colons', () => {
    const parsed = parse(`h 1 --accept-certificate ${'ab'.repeat(32)}`);
    expect(parsed).toMatchObject({ options: { acceptCertificate: `${'AB:'.repeat(31)}AB` } });
  });

  it.each([
    ['', 'host and a port'],
    ['h', 'host and a port'],
    ['h 1 more', 'host and a port'],
    ['h 0', '65535'],
    ['h 65536', '65535'],
    ['h 12x', '65535'],
    ['h 1 --bogus', '--bogus'],
    ['h 1 --user', '--user'],
    ['h 1 --json=1', '--json'],
    ['chat.example 1 --plaintext', 'this machine only'],
    ['h 1 --accept-certificate AB', 'fingerprint'],
    ['h 1 --user=', 'username'],
    ['h 1 --public-address example.org:40000', '--public-address'],
    ['h 1 --public-address 203.0.113.7', '--public-address'],
    ['h 1 --public-address 203.0.113.7:80', '--public-address'],
  ])('are refused with a reason: %j', (line, named) => {
    const parsed = parse(line);
    expect(parsed).toMatchObject({ kind: 'mistake', text: expect.stringContaining(named) });
    expect(parsed).toMatchObject({ text: expect.stringContaining('Usage: aside <host> <port>') });
  });

  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('allow plaintext to %s', (host) => {
    expect(parse(`${host} 1 --plaintext`).kind).toBe('run');
  });

  it('print the version of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(VERSION).toBe(version);
  });
});

describe('usernameMistake', () => {
  it.each(['', 'a b', 'a\tb', 'a\u0000', 'x'.repeat(129)])('finds a mistake in %j', (name) =>
    expect(usernameMistake(name)).toBeDefined(),
  );
});

describe('Lines of a pipe', () => {
  async function lines(...chunks: (string | Uint8Array)[]) {
    const read = [];
    for await (const line of readInputLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) read.push(line);
    return read;
  }

  it('end with LF only, whatever the chunks, and the last one may end without it', async () => {
    const text = 'one\r\nzwei ä\u2028x\rä\n\nlast';
    const expected = [{ text: 'one' }, { text: 'zwei ä\u2028x\rä' }, { text: '' }, { text: 'last' }];
    expect(await lines(text)).toEqual(expected);
    expect(await lines(...Array.from(Buffer.from(text), (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it('may begin with a byte order mark', async () => {
    expect(await lines('\uFEFF{"command":"help"}\n\uFEFFx')).toEqual([
      { text: '{"command":"help"}' },
      { text: '\uFEFFx' },
    ]);
  });

  it('yield a mistake if they are too long or not UTF-8, and reading continues', async () => {
    expect(await lines(Uint8Array.of(0xff, 0x0a), 'x'.repeat(70_000), 'y\nok\n')).toEqual([
      { mistake: 'The line is not valid UTF-8.' },
      { mistake: 'The line is too long.' },
      { text: 'ok' },
    ]);
  });
});
