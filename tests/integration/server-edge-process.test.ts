import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import {
  freePort,
  type RunningServer,
  runServer,
  SERVER_FILE,
  type ServerOptions,
  startServer,
} from '../support/server-process.ts';
import { newDevice, PASSWORD, WireClient } from '../support/wire-client.ts';

const servers: RunningServer[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.cleanUp()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function start(options: ServerOptions = {}): Promise<RunningServer> {
  const server = await startServer(options);
  servers.push(server);
  return server;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aside-edge-'));
  folders.push(folder);
  return folder;
}

describe('Stopping server (A6)', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('tells its clients on %s, and exits with 0', async (signal) => {
    const server = await start();
    const person = await WireClient.connect(server);
    await person.register('somebody');
    const stranger = await WireClient.connect(server);
    const shaking = connect({ port: server.port, host: '127.0.0.1' }).on('error', () => {});
    await once(shaking, 'connect');
    const begin = performance.now();
    expect(await server.stop(signal)).toEqual({ code: 0, signal: null });
    expect(performance.now() - begin).toBeLessThan(5_000);
    await Promise.all([person.closed, stranger.closed]);
    const told = { reason: 'server-stopping', retryAfterMs: expect.any(Number) as number };
    expect(person.received('session.ended')).toEqual([told]);
    expect(stranger.received('session.ended')).toEqual([told]);
  });

  test('waits at most 5 s for clients that do not read, and keeps their changes', async () => {
    const server = await start({ plaintext: true, args: ['--message-rate', '0'] });
    const reader = await WireClient.connect(server);
    await reader.register('deaf');
    const writer = await WireClient.connect(server);
    await writer.register('writer');
    reader.socket.pause();
    const sent = Array.from({ length: 60 }, (_, i) =>
      writer.send('deaf', `${i} ${'x'.repeat(8_000)}`).catch(() => undefined),
    );
    await writer.caughtUp();
    const begin = performance.now();
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - begin).toBeLessThan(5_000);
    reader.socket.destroy();
    await Promise.all(sent);
    const again = await start({ plaintext: true, dataFolder: server.dataFolder });
    const back = await WireClient.connect(again, { autoConfirm: true });
    await back.signIn('deaf');
    await expect.poll(() => back.received('message.new').length).toBe(60);
    expect(back.received('message.new').map(({ text }) => Number.parseInt(text, 10))).toEqual([...Array(60).keys()]);
  });

  test('exits at once on a second signal', async () => {
    const server = await start({ plaintext: true });
    // One who neither reads nor ends keeps the server waiting for the drain timeout.
    const deaf = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {});
    await once(deaf, 'data');
    deaf.pause();
    process.kill(server.pid, 'SIGTERM');
    await expect.poll(() => server.stderr(), { interval: 5 }).toContain('stopping');
    process.kill(server.pid, 'SIGTERM');
    // A stop that had waited would end with 0.
    expect((await server.exited).code).toBe(1);
    deaf.destroy();
  });

  test('continues if the reader of its output has closed', async () => {
    const port = await freePort();
    const args = [
      String(port),
      '120',
      '0',
      '--plaintext',
      '--data',
      join(temporaryFolder(), 'data'),
      '--log-level',
      'debug',
    ];
    const child = spawn(process.execPath, [SERVER_FILE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const over = once(child, 'close');
    try {
      await once(child.stdout, 'data');
      child.stdout.destroy();
      child.stderr.destroy();
      for (const name of ['one', 'two']) {
        const client = await WireClient.connect({ port, certificate: undefined });
        await client.register(name);
        await client.signOut();
      }
    } finally {
      child.kill();
    }
    expect(await over).toEqual([0, null]);
  });
});

describe('Output of the server', () => {
  test('is the address with the actual port, and nothing else on standard output', async () => {
    const server = await start();
    expect(server.stdout()).toBe(
      '===== Server is running =====\n' +
        '===== Waiting for connection request from clients...=====\n' +
        `address:      127.0.0.1:${server.port} (TLS 1.3)\n` +
        `data folder:  ${server.dataFolder}\n` +
        `fingerprint:  ${server.fingerprint}\n`,
    );
  });

  test('contains an invitation if one is needed, valid once', async () => {
    const server = await start({ plaintext: true, args: ['--registration', 'invite'] });
    const invite = /^invitation: {3}(\S+) /m.exec(server.stdout())?.[1];
    const client = await WireClient.connect(server);
    const account = { password: PASSWORD, device: newDevice() };
    expect((await client.refusal('account.register', { ...account, username: 'uninvited' })).reason).toBe(
      'invite-invalid',
    );
    await client.request('account.register', { ...account, username: 'invited', invite: invite ?? '' });
    const other = await WireClient.connect(server);
    const again = { ...account, username: 'second', invite };
    expect((await other.refusal('account.register', again)).reason).toBe('invite-invalid');
  });

  test('lists the result of an import, also of a repeated one, without passwords', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'credentials.txt');
    writeFileSync(file, 'hans falcon*solo\r\nlonely\nyoda wise@!man\n');
    const options = { plaintext: true, dataFolder: join(folder, 'data'), args: ['--import-credentials', file] };
    const server = await start(options);
    expect(server.stdout()).toContain(
      `Imported 2 accounts from ${file}, skipped 1 line:\n  line 2: has a username but no password\n=====`,
    );
    await server.stop();
    const again = await start(options);
    expect(again.stdout()).toContain(
      `Imported 0 accounts from ${file}, skipped 3 lines:\n  line 1: an account with this username`,
    );
    const client = await WireClient.connect(again);
    await client.signIn('hans', { password: 'falcon*solo' });
    expect(again.stdout() + again.stderr()).not.toMatch(/falcon|wise/);
  });

  test('is one line with exit code 1 for a metrics port in use, and no process remains', async () => {
    const server = await start({ plaintext: true });
    const folder = temporaryFolder();
    const args = [String(await freePort()), '120', '0', '--host', '127.0.0.1', '--data', join(folder, 'data')];
    const { code, stdout, stderr } = await runServer([...args, '--metrics-port', String(server.port)]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`Port ${server.port} is already in use: stop what is using it, or choose another port.\n`);
  });

  test('is one line with exit code 1 for a damaged key', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'server-key.pem'), 'nonsense');
    const { code, stderr } = await runServer([
      String(await freePort()),
      '120',
      '0',
      '--host',
      '127.0.0.1',
      '--data',
      folder,
    ]);
    expect(code).toBe(1);
    expect(stderr).toBe(`${join(folder, 'server-key.pem')} is not a private key in PEM form without a passphrase.\n`);
  });
});

describe('Configuration (A3)', () => {
  test('is also read from config.json of the data folder', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'config.json'), '{"registration": "closed", "log-format": "json", "message-rate": 7}');
    const server = await start({ plaintext: true, dataFolder: folder });
    const client = await WireClient.connect(server);
    expect(client.hello).toMatchObject({ policy: { registration: 'closed' }, limits: { messagesPerSecond: 7 } });
    expect(JSON.parse(server.stderr().split('\n')[0] ?? '')).toMatchObject({ level: 'info', event: 'started' });
  });

  test('leads to exit code 2 and no data folder if a file has an error, which the message names', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'wrong.json');
    writeFileSync(file, '{"port": 12000}');
    const data = join(folder, 'data');
    const { code, stderr } = await runServer(['12000', '120', '60', '--config', file, '--data', data]);
    expect(code).toBe(2);
    expect(stderr).toContain(`(unknown option "port" in ${file}; see --help)`);
    expect(existsSync(data)).toBe(false);
  });

  test('leads to a data folder that only its owner can read, with any umask', async () => {
    const server = await start();
    for (const name of readdirSync(server.dataFolder)) {
      expect([name, statSync(join(server.dataFolder, name)).mode & 0o077]).toEqual([name, 0]);
    }
  });
});

describe('Metrics and health (I2)', () => {
  test('report the state of the server, on loopback only', async () => {
    const port = await freePort();
    const server = await start({ args: ['--metrics-port', String(port)] });
    const get = async (path: string): Promise<Response> => await fetch(`http://127.0.0.1:${port}${path}`);
    expect([(await get('/health')).status, (await get('/ready')).status, (await get('/nothing')).status]).toEqual([
      200, 200, 404,
    ]);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' })).status).toBe(405);

    const kevin = await WireClient.connect(server, { autoConfirm: true });
    await kevin.register('kevin');
    const anna = await WireClient.connect(server);
    await anna.register('anna');
    const gone = await WireClient.connect(server);
    await gone.register('gone');
    await gone.signOut();
    await anna.send('kevin', 'live');
    await anna.send('gone', 'for later');
    await WireClient.connect(server);
    const bad = connectTls({ port: server.port, host: '127.0.0.1', maxVersion: 'TLSv1.2' });
    await once(bad, 'error');

    const text = await (await get('/metrics')).text();
    for (const line of [
      'aside_accounts 3',
      'aside_connections 3',
      'aside_sessions 2',
      'aside_people_online 2',
      'aside_messages_total{outcome="delivered"} 1',
      'aside_messages_total{outcome="stored"} 1',
      'aside_connections_refused_total{limit="handshake"} 1',
      'aside_tunnels_total 0',
      'aside_tunnel_bytes_total 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toContain('\nprocess_cpu_seconds_total ');
    expect(text).toContain('\nnodejs_eventloop_lag_seconds ');
    expect(text).not.toMatch(/kevin|anna/);
    for (const other of [kevin, anna]) await other.drop();
  });
});

describe('Hostile data', () => {
  test('of 100 MB without a line end costs the server almost no time (I3)', async () => {
    const server = await start({ plaintext: true });
    const socket = connect({ port: server.port, host: '127.0.0.1' }).on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await once(socket, 'data');
    const before = mainThreadMs(server.pid);
    const chunk = Buffer.alloc(1_000_000, 'x');
    for (let sent = 0; sent < 100 && !socket.destroyed; sent++) {
      if (!socket.write(chunk)) await Promise.race([closed, new Promise((resolve) => socket.once('drain', resolve))]);
    }
    await closed;
    expect(mainThreadMs(server.pid) - before).toBeLessThan(20);
  });
});

/** Processor time of a process's first thread. */
function mainThreadMs(pid: number): number {
  const [nanoseconds] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}
