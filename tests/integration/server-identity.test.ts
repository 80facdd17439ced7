import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppHost } from '../../src/host/app-host.ts';
import { runHostCommand } from '../../src/host/host-commands.ts';
import type { ServerChoice } from '../../src/shared/client-api/host.ts';
import { bundleProgram } from '../support/client-bundle.ts';
import { PipedClient } from '../support/client-program.ts';
import { type RunningServer, type ServerOptions, startServer } from '../support/server-process.ts';
import { SILENT_SHELL } from '../support/silent-shell.ts';

const PASSWORD = 'correct horse';
const DONE = { ok: true, result: {} };

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aside-same-server-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function serverAt(options: ServerOptions = {}): Promise<RunningServer> {
  const server = await startServer({ ...options, args: [...(options.args ?? []), '--host', '127.0.0.1'] });
  onTestFinished(() => server.cleanUp());
  return server;
}

function openApp(dataFolder: string): AppHost {
  const app = new AppHost({ dataFolder, version: '1', shell: SILENT_SHELL });
  onTestFinished(() => app.close());
  return app;
}

/** Trusts the server as a user does, after the comparison of fingerprints, and signs in. */
async function signIn(app: AppHost, server: ServerChoice, register = false, username = 'kevin'): Promise<void> {
  const probed = await runHostCommand(app, 'host.probeServer', server);
  if (!probed.ok) throw new Error('the server is not there');
  const { trust, fingerprint = '' } = probed.result;
  if (trust === 'new') expect(await runHostCommand(app, 'host.trustServer', { ...server, fingerprint })).toEqual(DONE);
  expect(await runHostCommand(app, 'host.chooseServer', server)).toEqual(DONE);
  const credentials = { username, password: PASSWORD };
  const outcome = await app.run(register ? 'session.register' : 'session.signIn', credentials);
  expect(outcome).toMatchObject({ ok: true });
}

async function texts(app: AppHost, conversation = '#everyone'): Promise<readonly string[]> {
  const outcome = await app.run('history.page', { conversation, limit: 100 });
  const { messages } = (outcome as { readonly result: { readonly messages: readonly { text: string }[] } }).result;
  return messages.map(({ text }) => text);
}

const online = (app: AppHost) => expect.poll(() => app.read().view.connection.state).toBe('online');
const trustAt = async (app: AppHost, server: ServerChoice) =>
  await runHostCommand(app, 'host.probeServer', server).then((probed) => probed.ok && probed.result.trust);

describe('Server at another address (B8)', () => {
  it('is known without a comparison, with its history, drafts, identity and one entry of the account', async () => {
    const { port } = await serverAt();
    const app = openApp(temporaryFolder());
    await signIn(app, { host: 'localhost', port }, true);
    await app.run('message.broadcast', { text: 'from localhost' });
    await runHostCommand(app, 'host.writeDraft', { conversation: '@hans', text: 'unfinished' });
    const { identity } = app.read().hostState;

    const server = { host: '127.0.0.1', port };
    expect(await trustAt(app, server)).toBe('known');
    await signIn(app, server);
    expect(await texts(app)).toEqual(['from localhost']);
    const { accounts, drafts, identity: same } = app.read().hostState;
    expect(same).toBe(identity);
    expect(drafts).toEqual({ '@hans': 'unfinished' });
    expect(accounts).toEqual([{ server, username: 'kevin' }]);
  });

  it('sends there what waits in the outbox', async () => {
    const dataFolder = temporaryFolder();
    const server = await serverAt({ dataFolder });
    const app = openApp(temporaryFolder());
    await signIn(app, { host: 'localhost', port: server.port }, true);
    await signIn(openApp(temporaryFolder()), { host: 'localhost', port: server.port }, true, 'hans');
    await server.stop();
    await expect.poll(() => app.read().view.connection.state).not.toBe('online');
    await app.run('message.send', { to: 'hans', text: 'written without a connection' });
    expect(app.read().view.waiting).toBe(1);

    const moved = await serverAt({ dataFolder });
    expect(await runHostCommand(app, 'host.moveServer', { host: '127.0.0.1', port: moved.port })).toEqual(DONE);
    await online(app);
    await expect.poll(() => app.read().view.waiting).toBe(0);
    expect(await texts(app, '@hans')).toEqual(['written without a connection']);
    expect(app.read().hostState).toMatchObject({
      server: { host: '127.0.0.1', port: moved.port },
      accounts: [{ server: { host: '127.0.0.1', port: moved.port }, username: 'kevin' }],
    });
  });

  it('is refused as the moved one if it is another server, and nothing changes', async () => {
    const server = await serverAt();
    const other = await serverAt();
    const app = openApp(temporaryFolder());
    await signIn(app, { host: '127.0.0.1', port: server.port }, true);
    expect(await runHostCommand(app, 'host.moveServer', { host: '127.0.0.1', port: other.port })).toEqual({
      ok: false,
      failure: { reason: 'another-server' },
    });
    expect(app.read().hostState.server).toEqual({ host: '127.0.0.1', port: server.port });
    expect(app.read().view.connection.state).toBe('online');
  });

  it('is another server if only the certificate is the same', async () => {
    const server = await serverAt();
    const files = Object.entries({ 'tls-key': 'server-key.pem', 'tls-cert': 'server-certificate.pem' }).flatMap(
      ([name, file]) => [`--${name}`, join(server.dataFolder, file)],
    );
    const twin = await serverAt({ args: files });
    const app = openApp(temporaryFolder());
    await signIn(app, { host: '127.0.0.1', port: server.port }, true);
    expect(await trustAt(app, { host: '127.0.0.1', port: twin.port })).toBe('new');
    expect(await runHostCommand(app, 'host.moveServer', { host: '127.0.0.1', port: twin.port })).toMatchObject({
      failure: { reason: 'another-server' },
    });
  });

  it('keeps the history of the terminal client', async () => {
    const { port } = await serverAt();
    const program = await bundleProgram(new URL('../../src/terminal/index.ts', import.meta.url));
    onTestFinished(() => program.remove());
    const data = temporaryFolder();
    const client = (host: string, ...more: string[]) =>
      new PipedClient(program.file, [host, port, '--data', data, '--user', 'kevin', ...more], {
        ASIDE_PASSWORD: PASSWORD,
      });
    expect(await client('localhost', '--register').end('broadcast from localhost')).toBe(0);
    const second = client('127.0.0.1', '--json');
    expect(await second.end({ command: 'find', text: 'localhost' })).toBe(0);
    expect(JSON.stringify(second.events)).toContain('from localhost');
  });
});
