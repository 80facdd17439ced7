import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppHost, type AppHostOptions } from '../../src/host/app-host.ts';
import { runHostCommand } from '../../src/host/host-commands.ts';
import { trustVouchedServer } from '../../src/host/vouched-server.ts';
import { type ServerOptions, startServer } from '../support/server-process.ts';
import { SILENT_SHELL } from '../support/silent-shell.ts';

async function serverAt(options: ServerOptions = {}) {
  const server = await startServer({ ...options, args: [...(options.args ?? []), '--host', '127.0.0.1'] });
  onTestFinished(() => server.cleanUp());
  return { choice: { host: '127.0.0.1', port: server.port }, fingerprint: server.fingerprint ?? '' };
}

function openApp(options: Partial<AppHostOptions> = {}): AppHost {
  const dataFolder = mkdtempSync(join(tmpdir(), 'aside-first-start-'));
  onTestFinished(() => rmSync(dataFolder, { recursive: true }));
  const app = new AppHost({ dataFolder, version: '1', shell: SILENT_SHELL, ...options });
  onTestFinished(() => app.close());
  return app;
}

describe('Policy of a server on new accounts', () => {
  it.each(['open', 'invite', 'closed'] as const)(
    'is known before the first sign-in (%s), once the server is',
    async (policy) => {
      const { choice, fingerprint } = await serverAt({ args: ['--registration', policy] });
      const app = openApp();
      const look = async () => await runHostCommand(app, 'host.probeServer', choice);
      expect(await look()).toEqual({ ok: true, result: { trust: 'new', fingerprint } });
      await runHostCommand(app, 'host.trustServer', { ...choice, fingerprint });
      expect(await look()).toEqual({ ok: true, result: { trust: 'known', fingerprint, registration: policy } });
    },
  );

  it('is known of a server without TLS', async () => {
    const { choice } = await serverAt({ args: ['--registration', 'invite', '--plaintext'] });
    expect(await runHostCommand(openApp(), 'host.probeServer', { ...choice, plaintext: true })).toEqual({
      ok: true,
      result: { trust: 'plaintext', registration: 'invite' },
    });
  });
});

describe('Server that the same command has started (G1)', () => {
  const look = async (app: AppHost, choice: { host: string; port: number }) =>
    await runHostCommand(app, 'host.probeServer', choice);

  it('is trusted without a comparison, and before the first screen', async () => {
    const { choice, fingerprint } = await serverAt();
    const app = openApp({ server: choice, serverFingerprint: fingerprint });
    let replaced = 0;
    app.subscribe((output) => {
      if ('hostEvent' in output && output.hostEvent.name === 'host.replaced') replaced += 1;
    });
    await trustVouchedServer(app);
    expect(app.read()).toMatchObject({ view: { fingerprint }, hostState: { server: choice } });
    expect(replaced).toBe(1);
    expect(await look(app, choice)).toMatchObject({ result: { trust: 'known' } });
    await trustVouchedServer(app);
    expect(replaced).toBe(1);
  });

  it('is trusted again with a new certificate', async () => {
    const { choice, fingerprint } = await serverAt();
    const other = await serverAt();
    const app = openApp({ server: choice, serverFingerprint: fingerprint });
    await runHostCommand(app, 'host.probeServer', other.choice);
    await runHostCommand(app, 'host.trustServer', { ...other.choice, fingerprint: other.fingerprint });
    const pin = app.pins.read(other.choice);
    if (pin !== undefined) app.pins.write(choice, pin);
    await trustVouchedServer(app);
    expect(app.read().view.fingerprint).toBe(fingerprint);
  });

  it.each([
    ['another fingerprint', (fingerprint: string) => ({ serverFingerprint: fingerprint.replaceAll(/[0-7]/g, '8') })],
    ['no fingerprint', () => ({})],
  ])('is compared as any other if the command names %s', async (_what, named) => {
    const { choice, fingerprint } = await serverAt();
    const app = openApp({ server: choice, ...named(fingerprint) });
    await trustVouchedServer(app);
    expect(await look(app, choice)).toEqual({ ok: true, result: { trust: 'new', fingerprint } });
    expect(app.pins.read(choice)).toBeUndefined();
  });

  it('stays connected after a change of its certificate', async () => {
    const folder = (name: string) => {
      const made = mkdtempSync(join(tmpdir(), `aside-first-start-${name}-`));
      onTestFinished(() => rmSync(made, { recursive: true }));
      return made;
    };
    const serverFolder = folder('server');
    const dataFolder = folder('app');
    const server = await startServer({ dataFolder: serverFolder });
    const choice = { host: '127.0.0.1', port: server.port };
    const app = openApp({ dataFolder, server: choice, serverFingerprint: server.fingerprint ?? '' });
    await trustVouchedServer(app);
    const account = { username: 'kevin', password: 'correct horse' };
    expect(await app.run('session.register', account)).toMatchObject({ ok: true });
    app.close();
    await server.stop();
    for (const file of ['server-certificate.pem', 'server-key.pem']) rmSync(join(serverFolder, file));
    const again = await startServer({ dataFolder: serverFolder, port: server.port });
    onTestFinished(() => again.cleanUp());
    expect(again.fingerprint).not.toBe(server.fingerprint);
    const later = openApp({ dataFolder, server: choice, serverFingerprint: again.fingerprint ?? '' });
    await expect.poll(() => later.read().view.connection.state, { timeout: 10_000 }).toBe('online');
  });

  it('vouches for no other address', async () => {
    const { choice, fingerprint } = await serverAt();
    const app = openApp({ server: { ...choice, port: 1 }, serverFingerprint: fingerprint });
    expect(await look(app, choice)).toMatchObject({ result: { trust: 'new' } });
  });
});
