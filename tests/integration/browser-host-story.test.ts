import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { reduce } from '../../src/shared/client-api/reduce.ts';
import { type BrowserApp, type BrowserAppOptions, enter, startBrowserApp, UiSocket } from '../support/browser-app.ts';
import { type Bundle, bundleProgram } from '../support/client-bundle.ts';
import { type RunningServer, startServer } from '../support/server-process.ts';

const PASSWORD = 'correct horse battery';

let bundle: Bundle;
let server: RunningServer;
beforeAll(async () => {
  bundle = await bundleProgram(new URL('../../src/browser/index.ts', import.meta.url));
  server = await startServer();
});
afterAll(async () => {
  await server.cleanUp();
  bundle.remove();
});

async function startApp(options: BrowserAppOptions = {}): Promise<{ app: BrowserApp; cookie: string; ui: UiSocket }> {
  const args = ['--server', `127.0.0.1:${server.port}`, ...(options.args ?? [])];
  const app = await startBrowserApp(bundle.file, { ...options, args });
  onTestFinished(() => app.cleanUp());
  const cookie = await enter(app);
  return { app, cookie, ui: await UiSocket.of(app, cookie) };
}

const states = (ui: UiSocket): string[] =>
  ui.events.flatMap((event) => (event.name === 'connection.changed' ? [event.params.connection.state] : []));
const texts = (ui: UiSocket): string[] =>
  ui.events.flatMap((event) => (event.name === 'message.added' ? [event.params.message.text] : []));

let names = 0;
const freshName = (name: string): string => `${name}${++names}`;

async function registered(name: string, options: BrowserAppOptions = {}) {
  const started = await startApp(options);
  const username = freshName(name);
  await started.ui.read();
  const outcome = await started.ui.command('session.register', { username, password: PASSWORD });
  expect(outcome).toEqual({ ok: true, result: { username, waiting: 0 } });
  return { ...started, username };
}

describe('App over a raw WebSocket', () => {
  it('goes from the first start to a conversation (G1, D1, D2)', async () => {
    const { ui } = await startApp();
    const { hostState, view } = await ui.read();
    const choice = { host: '127.0.0.1', port: server.port };
    expect(hostState).toMatchObject({ kind: 'browser', server: choice, accounts: [] });
    expect(view).toMatchObject({ seq: 0, connection: { state: 'idle' } });

    expect(await ui.host('host.probeServer', choice)).toEqual({
      ok: true,
      result: { trust: 'new', fingerprint: server.fingerprint },
    });
    const trusted = { ...choice, fingerprint: server.fingerprint ?? '' };
    expect(await ui.host('host.trustServer', trusted)).toEqual({ ok: true, result: {} });
    expect((await ui.host('host.probeServer', choice)).ok).toBe(true);
    expect((await ui.read()).view.fingerprint).toBe(server.fingerprint);

    const alice = freshName('alice');
    const bob = await registered('bob');
    expect(await ui.command('session.register', { username: alice, password: PASSWORD })).toMatchObject({ ok: true });
    expect(ui.hostEvents).toEqual([{ name: 'host.replaced' }]);
    expect((await ui.read()).hostState.accounts).toEqual([{ server: choice, username: alice }]);
    await bob.ui.until('alice is online', () =>
      bob.ui.events.some((event) => event.name === 'presence.changed' && event.params.username === alice),
    );

    await ui.command('message.send', { to: bob.username, text: 'Shall we step aside?' });
    await bob.ui.until('the message is there', () => texts(bob.ui).includes('Shall we step aside?'));
    await ui.until('it is delivered', () =>
      ui.events.some((event) => event.name === 'message.changed' && event.params.status.state === 'delivered'),
    );
    const { view: seen } = await bob.ui.read();
    expect(seen.conversations[0]).toMatchObject({ username: alice, unread: 1 });
  });

  it('keeps running with a damaged pin, and trusts no server by it (G1)', async () => {
    const { app, ui, username } = await registered('damaged');
    const choice = { host: '127.0.0.1', port: server.port };
    const file = join(app.dataFolder, 'known-servers.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"certificate": "..../, '"certificate": "????'));
    await ui.command('session.signOut', {});
    expect(await ui.command('session.signIn', { username, password: PASSWORD })).toMatchObject({
      failure: { reason: 'certificate-unreadable' },
    });
    const { connection } = (await ui.read()).view;
    expect(connection).toMatchObject({ state: 'untrusted', presented: server.fingerprint, unreadable: true });
    expect(await ui.host('host.probeServer', choice)).toEqual({
      ok: true,
      result: { trust: 'unreadable', fingerprint: server.fingerprint },
    });
    await ui.command('session.acceptCertificate', { fingerprint: server.fingerprint ?? '' });
    expect(await ui.command('session.signIn', { username, password: PASSWORD })).toMatchObject({ ok: true });
    expect(await ui.host('host.probeServer', choice)).toMatchObject({ result: { trust: 'known' } });
  });

  it('sends the same events in order to two pages, and a snapshot to a page that returns (invariant 3)', async () => {
    const { app, cookie, ui, username } = await registered('two');
    const other = await UiSocket.of(app, cookie);
    const start = await other.read();
    await ui.read();
    const writer = await registered('writer');
    for (let n = 0; n < 20; n++) await writer.ui.command('message.send', { to: username, text: `line ${n}` });
    await ui.until('all are there', () => texts(ui).length === 20);
    await other.until('all are there', () => texts(other).length === 20);

    const seqs = other.events.map((event) => event.seq);
    expect(seqs).toEqual(seqs.map((_seq, index) => (seqs[0] ?? 0) + index));
    expect(other.events.reduce(reduce, start.view)).toEqual((await other.read()).view);

    await other.end();
    await writer.ui.command('message.send', { to: username, text: 'while you were away' });
    await ui.until('it is there', () => texts(ui).includes('while you were away'));
    const back = await UiSocket.of(app, cookie);
    expect((await back.read()).view).toEqual((await ui.read()).view);
  });

  it('continues by itself after a restart of the app and of the server (B4, G7)', async () => {
    const first = await registered('again');
    const draft = { conversation: '@bob', text: 'half a sent' };
    await first.ui.host('host.writeDraft', draft);
    const dark = { theme: 'dark', textSize: 'large', notifications: false, detailsOpen: false } as const;
    expect((await first.ui.host('host.writePreferences', dark)).ok).toBe(true);
    expect(await first.app.stop()).toEqual({ code: 0, signal: null });
    expect(statSync(join(first.app.dataFolder, 'app.json')).mode & 0o077).toBe(0);

    const { ui } = await startApp({ dataFolder: first.app.dataFolder });
    const { view, hostState } = await ui.read();
    await ui.until('it is online', () => view.connection.state === 'online' || states(ui).includes('online'));
    expect(hostState).toMatchObject({ preferences: dark, drafts: { '@bob': 'half a sent' } });
    expect((await ui.read()).view).toMatchObject({ username: first.username, connection: { state: 'online' } });

    const { port, dataFolder } = server;
    await server.killHard();
    await ui.until('it waits', () => states(ui).includes('waiting-to-reconnect'));
    const written = await ui.command('message.send', { to: first.username, text: 'kept' });
    expect(written.ok).toBe(true);
    server = await startServer({ port, dataFolder });
    await ui.command('session.tryNow', {});
    await ui.until('it is back', () => states(ui).at(-1) === 'online');
  });

  it('signs in another account with a profile of its own', async () => {
    const { ui, username } = await registered('former');
    expect(await ui.command('session.signOut', {})).toEqual({ ok: true, result: {} });
    const next = freshName('latter');
    expect((await ui.command('session.register', { username: next, password: PASSWORD })).ok).toBe(true);
    expect((await ui.read()).view).toMatchObject({ username: next, connection: { state: 'online' } });
    const { hostState } = await ui.read();
    expect(hostState.accounts?.map((account) => account.username)).toEqual([next, username]);
    const former = hostState.accounts?.[1];
    if (former === undefined) throw new Error('no account is remembered');
    expect(await ui.host('host.chooseAccount', former)).toEqual({ ok: true, result: {} });
    expect((await ui.read()).view).toMatchObject({ username, connection: { state: 'idle' } });
    expect((await ui.host('host.forgetAccount', former)).ok).toBe(true);
    expect((await ui.read()).hostState.accounts).toHaveLength(1);
    expect(await ui.host('host.chooseAccount', former)).toMatchObject({ failure: { reason: 'no-token' } });
  });

  it('needs the password for a forgotten account', async () => {
    const first = await registered('kept');
    const account = (await first.ui.read()).hostState.accounts?.[0];
    if (account === undefined) throw new Error('no account is remembered');
    expect((await first.ui.host('host.chooseServer', account.server)).ok).toBe(true);
    const tokens = (): string[] =>
      readdirSync(first.app.dataFolder, { recursive: true, encoding: 'utf8' }).filter((name) => /token/.test(name));
    expect(tokens()).toHaveLength(1);
    expect((await first.ui.host('host.forgetAccount', account)).ok).toBe(true);
    expect(tokens()).toEqual([]);
    const entrance = { username: first.username, password: 'not the password' };
    expect(await first.ui.command('session.signIn', entrance)).toMatchObject({
      ok: false,
      failure: { reason: 'wrong-credentials' },
    });
    expect(await first.ui.command('session.resume', {})).toMatchObject({ failure: { reason: 'no-token' } });
  });

  it('refuses an unsupported command with a reason, and continues', async () => {
    const { app, cookie, ui, username } = await registered('strict');
    const reason = async (frame: object): Promise<unknown> => {
      const { outcome } = (await ui.call(frame)) as { outcome: { ok: boolean; failure?: { reason: string } } };
      return outcome.failure?.reason;
    };
    expect(await reason({ command: 'session.explode', params: {} })).toBe('invalid-command');
    expect(await reason({ command: 'constructor', params: {} })).toBe('invalid-command');
    expect(await reason({ command: 'message.send', params: { to: username } })).toBe('invalid-command');
    expect(await reason({ command: 'message.send', params: { to: 'x', text: 'y', more: 1 } })).toBe('invalid-command');
    expect(await reason({ command: 'session.signIn', params: [] })).toBe('invalid-command');
    expect(await reason({ command: 'session.signIn' })).toBe('invalid-command');
    expect(await reason({ host: 'host.openLink', params: { url: 'file:///etc/passwd' } })).toBe('invalid-command');
    expect(await reason({ host: 'host.openLink', params: { url: 'javascript:alert(1)' } })).toBe('invalid-command');
    expect(await reason({ host: 'host.writePreferences', params: { theme: 'pink' } })).toBe('invalid-command');
    expect(await reason({ read: 'some' })).toBe('invalid-command');
    expect(
      await reason({ host: 'host.chooseServer', params: { host: 'chat.example', port: 1, plaintext: true } }),
    ).toBe('invalid-command');
    expect(await reason({ host: 'host.trustServer', params: { host: 'h', port: 1, fingerprint: 'AA' } })).toBe(
      'certificate-changed',
    );
    expect(await reason({ command: 'session.signIn', params: { username: '', password: PASSWORD } })).toBe(
      'username-invalid',
    );
    const other = await UiSocket.of(app, cookie);
    expect((await other.read()).view.connection.state).toBe('online');
  });

  it('reports why an account cannot be opened twice on one data folder', async () => {
    const { app } = await registered('busy');
    const { ui } = await startApp({ dataFolder: app.dataFolder });
    expect((await ui.read()).hostState.problem?.message).toContain('already open in another client');
  });

  it('disconnects a page that does not read, and accepts it again (I3)', async () => {
    const { app, cookie, ui } = await registered('slow');
    for (let n = 0; n < 400; n++) await ui.command('message.send', { to: 'nobody', text: `${n} `.padEnd(8_000, 'x') });
    const slow = await UiSocket.of(app, cookie);
    await slow.read();
    slow.socket.pause();
    const page = { command: 'history.page', params: { conversation: '@nobody', limit: 400 } };
    for (let id = 100; id < 140; id++) slow.socket.send(JSON.stringify({ id, ...page }));
    // Meanwhile the other page is served.
    for (let n = 0; n < 45; n++) expect((await ui.read()).view.connection.state).toBe('online');
    slow.socket.resume();
    expect(await slow.closed).toBe(1006);
    const back = await UiSocket.of(app, cookie);
    expect((await back.read()).view.connection.state).toBe('online');
  });
});
