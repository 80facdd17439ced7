import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppHost, type AppHostOptions } from '../../src/host/app-host.ts';
import { runHostCommand } from '../../src/host/host-commands.ts';
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
