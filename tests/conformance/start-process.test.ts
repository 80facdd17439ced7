import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, type RunningServer, runServer, startServer } from '../support/server-process.ts';
import { WireClient } from '../support/wire-client.ts';

const folders: string[] = [];
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aside-start-'));
  folders.push(folder);
  return folder;
}

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ blockSeconds: 7, timeoutSeconds: 3_600 });
});
afterAll(async () => {
  await server.cleanUp();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const oneLine = (text: string): boolean => /^[^\n]+\n$/.test(text);

describe('Arguments of the server (A1)', () => {
  it.concurrent.each([
    [[]],
    [['12000']],
    [['12000', '120']],
    [['12000', '120', '60', '7']],
    [['port', '120', '60']],
    [['', '120', '60']],
    [['12000', '-1', '60']],
    [['12000', '1.5', '60']],
    [['12000', '120', '6e1']],
    [['0x2ee0', '120', '60']],
    [['70000', '120', '60']],
    [['12000', '120', '99999999999999999999']],
    [['12000', '120', '60', '--nonsense']],
    [['12000', '120', '60', '--log-level', 'loud']],
    [['12000', '120', '60', '--registration', 'perhaps']],
    [['12000', '120', '60', '--message-rate', '-1']],
    [['12000', '120', '60', '--data']],
    [['12000', '120', '60', '--tls-key', 'key.pem']],
    [['12000', '120', '60', '--plaintext', '--host', '0.0.0.0']],
  ])('A1 A3 are refused for %j with one line of usage and exit code 2', async (args) => {
    const { code, stdout, stderr } = await runServer(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toSatisfy(oneLine);
    expect(stderr).toMatch(/usage|--help/i);
  });

  it('A1 [ASIDE-4-3] are port, block duration and timeout, in this order', async () => {
    const client = await WireClient.connect(server);
    expect(client.hello.policy).toEqual({ blockSeconds: 7, timeoutSeconds: 3_600, registration: 'open' });
    await client.drop();
  });

  it('A1 lead to a data folder that only its owner can read', () => {
    const entries = readdirSync(server.dataFolder);
    expect(entries).toEqual(expect.arrayContaining(['server-certificate.pem', 'server-key.pem']));
    expect(statSync(server.dataFolder).mode & 0o077).toBe(0);
    for (const entry of entries.filter((name) => !name.startsWith('server-certificate'))) {
      expect(statSync(join(server.dataFolder, entry)).mode & 0o077, entry).toBe(0);
    }
  });
});

describe('Start of the server (A2)', () => {
  it('A2 prints two lines, with address, data folder and fingerprint', () => {
    const printed = server.stdout();
    const running = printed.indexOf('===== Server is running =====');
    const waiting = printed.indexOf('===== Waiting for connection request from clients...=====');
    expect(running).toBeGreaterThanOrEqual(0);
    expect(waiting).toBeGreaterThan(running);
    expect(printed).toContain(String(server.port));
    expect(printed).toContain(server.dataFolder);
    expect(server.fingerprint).toBe(new X509Certificate(server.certificate ?? '').fingerprint256);
  });

  it.concurrent('A2 fails for a port in use with one line and exit code 1', async () => {
    const args = [String(server.port), '120', '0', '--host', '127.0.0.1', '--data', temporaryFolder()];
    const { code, stderr } = await runServer(args);
    expect(code).toBe(1);
    expect(stderr).toSatisfy(oneLine);
    expect(stderr).toContain(String(server.port));
  });

  it.concurrent('A2 fails for a data folder of another server with one line and exit code 1', async () => {
    const args = [String(await freePort()), '120', '0', '--host', '127.0.0.1', '--data', server.dataFolder];
    const { code, stderr } = await runServer(args);
    expect(code).toBe(1);
    expect(stderr).toSatisfy(oneLine);
    expect(stderr).toContain(server.dataFolder);
    const client = await WireClient.connect(server);
    await client.drop();
  });

  it.concurrent('A2 fails for an impossible data folder with one line and exit code 1', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'not a folder');
    const args = [String(await freePort()), '120', '0', '--host', '127.0.0.1', '--data', join(file, 'data')];
    const { code, stderr } = await runServer(args);
    expect(code).toBe(1);
    expect(stderr).toSatisfy(oneLine);
  });

  it.concurrent('A2 fails for a missing certificate with one line and exit code 1', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await runServer([
      ...[String(await freePort()), '120', '0', '--host', '127.0.0.1', '--data', folder],
      ...['--tls-key', join(folder, 'no.key'), '--tls-cert', join(folder, 'no.pem')],
    ]);
    expect(code).toBe(1);
    expect(stderr).toSatisfy(oneLine);
  });
});

describe('Options of the server (A3)', () => {
  it.concurrent('A3 are all listed by --help', async () => {
    const { code, stdout, stderr } = await runServer(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const option of [
      ...['--host', '--data', '--tls-key', '--tls-cert', '--plaintext', '--registration', '--log-level'],
      ...['--log-format', '--metrics-port', '--import-credentials', '--message-rate', '--help', '--version'],
    ]) {
      expect(stdout).toContain(option);
    }
  });

  it.concurrent('A3 include --version, which prints the version', async () => {
    const packageFile = new URL('../../package.json', import.meta.url);
    const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
    const { code, stdout } = await runServer(['--version']);
    expect(code).toBe(0);
    expect(stdout.trim()).toContain(version);
  });

  it.concurrent('A3 come from flags before the environment, and from the environment before a file', async () => {
    const file = join(temporaryFolder(), 'options.json');
    writeFileSync(file, JSON.stringify({ registration: 'invite', 'message-rate': 5, plaintext: true }));
    const env = { ASIDE_REGISTRATION: 'closed', ASIDE_MESSAGE_RATE: '7' };
    const other = await startServer({ env, args: ['--message-rate', '9', '--config', file] });
    try {
      const client = await WireClient.connect(other);
      expect(client.hello.policy.registration).toBe('closed');
      expect(client.hello.limits).toMatchObject({ messagesPerSecond: 9, messageBurst: 45 });
      expect(other.fingerprint).toBeUndefined();
      await client.drop();
    } finally {
      await other.cleanUp();
    }
  });

  it.concurrent('A3 can name the administrator’s own certificate', async () => {
    const files = ['--tls-key', 'server-key.pem', '--tls-cert', 'server-certificate.pem'];
    const args = files.map((part) => (part.startsWith('--') ? part : join(server.dataFolder, part)));
    const other = await startServer({ args });
    try {
      expect(other.fingerprint).toBe(server.fingerprint);
      const client = await WireClient.connect({ port: other.port, certificate: server.certificate });
      await client.drop();
    } finally {
      await other.cleanUp();
    }
  });

  it.concurrent('A3 [ASIDE-2.1-3] allow no TLS on loopback addresses only', async () => {
    const other = await startServer({ plaintext: true });
    try {
      expect(other.fingerprint).toBeUndefined();
      const client = await WireClient.connect({ port: other.port, certificate: undefined });
      await client.register('somebody');
      await client.drop();
      const { code, stderr } = await runServer([
        ...[String(await freePort()), '120', '0', '--host', '192.0.2.1', '--data', temporaryFolder(), '--plaintext'],
      ]);
      expect(code).toBe(2);
      expect(stderr).toSatisfy(oneLine);
    } finally {
      await other.cleanUp();
    }
  });
});

describe('Import of original accounts (A4)', () => {
  const secret = 'tiny';
  const lines = [
    'hans falcon*solo',
    '',
    'yoda wise@!man',
    'onlyname',
    `vader ${secret}`,
    'bad name here',
    'yoda again',
  ];

  it('A4 imports valid lines, names invalid lines by number, and stores no password as plain text', async () => {
    const file = join(temporaryFolder(), 'credentials.txt');
    writeFileSync(file, `${lines.join('\n')}\n`);
    const other = await startServer({ args: ['--import-credentials', file], plaintext: true });
    try {
      for (const [username, password] of [
        ['hans', 'falcon*solo'],
        ['Yoda', 'wise@!man'],
        ['vader', secret],
      ] as const) {
        const client = await WireClient.connect(other);
        await client.signIn(username, { password });
        await client.drop();
      }
      const said = other.stdout() + other.stderr();
      const named = [...said.matchAll(/^\W*line (\d+):/gm)].map((match) => match[1]);
      expect(named).toEqual(['4', '6', '7']);
      for (const text of ['falcon*solo', 'wise@!man', 'name here']) {
        expect(said).not.toContain(text);
        for (const entry of readdirSync(other.dataFolder)) {
          const path = join(other.dataFolder, entry);
          if (statSync(path).isFile()) expect(readFileSync(path).includes(text), entry).toBe(false);
        }
      }
    } finally {
      await other.cleanUp();
    }
  });

  it('A4 refuses a missing file with one line and exit code 1', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await runServer([
      ...[String(await freePort()), '120', '0', '--host', '127.0.0.1', '--data', join(folder, 'data')],
      ...['--import-credentials', join(folder, 'nothing.txt')],
    ]);
    expect(code).toBe(1);
    expect(stderr).toSatisfy(oneLine);
  });

  it('A4 refuses a UTF-16 file as a whole, with the name of its encoding', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'credentials.txt');
    writeFileSync(file, Buffer.from('\ufeffhans falcon*solo\n', 'utf16le'));
    const { code, stderr } = await runServer([
      ...[String(await freePort()), '120', '0', '--host', '127.0.0.1', '--data', join(folder, 'data')],
      ...['--import-credentials', file],
    ]);
    expect(code).toBe(1);
    expect(stderr).toSatisfy(oneLine);
    expect(stderr).toContain('is UTF-16. Save it as UTF-8');
  });
});

describe('Log', () => {
  it('I2 contains no passwords, tokens or texts', async () => {
    const other = await startServer({ args: ['--log-level', 'debug', '--log-format', 'json'], plaintext: true });
    try {
      const client = await WireClient.connect(other, { autoConfirm: true });
      const friend = await WireClient.connect(other, { autoConfirm: true });
      await client.register('writer', 'pass-word-marker');
      await friend.register('reader', 'pass-word-marker');
      await client.send('reader', 'text-marker');
      client.sendRaw('raw-marker\n');
      await client.nextNullError();
      await client.signOut();
      await friend.drop();
      await other.stop();
      const said = other.stdout() + other.stderr();
      for (const text of ['pass-word-marker', 'text-marker', 'raw-marker', client.token]) {
        expect(said).not.toContain(text);
      }
      expect(said.split('\n').length).toBeGreaterThan(4);
    } finally {
      await other.cleanUp();
    }
  });
});

describe('Port', () => {
  it('A2 accepts connections as soon as the server reports it', async () => {
    const other = await startServer({ plaintext: true });
    try {
      await new Promise<void>((resolve, reject) => {
        const socket = net.connect(other.port, '127.0.0.1', () => {
          socket.destroy();
          resolve();
        });
        socket.once('error', reject);
      });
    } finally {
      await other.cleanUp();
    }
  });
});
