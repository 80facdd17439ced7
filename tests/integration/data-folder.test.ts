import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { AppHost } from '../../src/host/app-host.ts';
import { runHostCommand } from '../../src/host/host-commands.ts';
import { storedAccountKey } from '../../src/host/account/state-file.ts';
import { copyOfDataFolder, moveServerTo } from '../support/data-folder-fixture.ts';
import { startServer } from '../support/server-process.ts';
import { SILENT_SHELL } from '../support/silent-shell.ts';

const SERVER = { host: '127.0.0.1', port: 12_000 };
const KEVIN = { server: SERVER, username: 'Kevin' };
const HANS = { server: SERVER, username: 'Hans' };
const PASSPHRASE = 'correct horse battery';

let host: AppHost | undefined;
afterEach(() => host?.close());

function copied(part: Parameters<typeof copyOfDataFolder>[0]): string {
  const folder = copyOfDataFolder(part);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function open(dataFolder: string): AppHost {
  host = new AppHost({ dataFolder, version: '1', shell: SILENT_SHELL });
  return host;
}

/** Texts of a conversation, the oldest first. */
async function texts(app: AppHost, conversation: string): Promise<readonly string[]> {
  const outcome = await app.run('history.page', { conversation, limit: 100 });
  const { messages } = (outcome as { readonly result: { readonly messages: readonly { text: string }[] } }).result;
  return messages.map(({ text }) => text);
}

/** Expects accounts, preferences, drafts and history of both accounts, as version 0.1.0 has stored them. */
async function expectEverythingOf(app: AppHost): Promise<void> {
  expect(app.read().hostState).toMatchObject({
    accounts: [HANS, KEVIN],
    server: SERVER,
    preferences: { theme: 'dark', textSize: 'normal', notifications: true, detailsOpen: true },
    drafts: { '@kevin': 'Hans has not finished' },
  });
  expect(app.read().hostState.problem).toBeUndefined();
  expect(await texts(app, '@bob')).toEqual(['Hans here', 'Sent without a connection']);
  expect(await app.run('outbox.list', {})).toMatchObject({ result: { messages: [{ status: { state: 'queued' } }] } });
  expect(await runHostCommand(app, 'host.chooseAccount', KEVIN)).toEqual({ ok: true, result: {} });
  expect(app.read().hostState.drafts).toEqual({ '@bob': 'An unfinished reply' });
  expect(await texts(app, '@bob')).toEqual(['Hello Bob', 'Grüße, Kevin 👋', 'Between us, kept by both']);
  expect(await texts(app, '#everyone')).toEqual(['To everybody']);
  const found = await app.run('history.search', { text: 'grüße', limit: 10 });
  expect(found).toMatchObject({ result: { messages: [{ from: 'Bob' }] } });
  expect(await app.run('private.safetyNumber', { username: 'bob' })).toMatchObject({ result: { trust: 'verified' } });
}

describe('Data folder of version 0.1.0', () => {
  it('opens with both accounts, preferences, drafts and history', async () => {
    await expectEverythingOf(open(copied('client')));
  });

  it('opens with its passphrase', async () => {
    const app = open(copied('client-passphrase'));
    expect(app.read().hostState).toMatchObject({ lock: 'locked', accounts: [], preferences: { theme: 'dark' } });
    expect(await runHostCommand(app, 'host.unlock', { passphrase: PASSPHRASE })).toEqual({ ok: true, result: {} });
    await expectEverythingOf(app);
  });

  it('signs in to its server with the stored certificate and token, and receives its mail', async () => {
    const server = await startServer({ dataFolder: copied('server') });
    onTestFinished(() => server.cleanUp());
    const dataFolder = copied('client');
    moveServerTo(dataFolder, server.port);
    const app = open(dataFolder);
    const online = () => expect.poll(() => app.read().view.connection.state).toBe('online');
    await online();
    await expect.poll(async () => await app.run('outbox.list', {})).toMatchObject({ result: { messages: [] } });
    const kevin = app.stateFile.state.accounts.find((one) => storedAccountKey(one).startsWith('kevin@'));
    expect(await runHostCommand(app, 'host.chooseAccount', kevin)).toEqual({ ok: true, result: {} });
    await online();
    await expect.poll(() => texts(app, '@bob')).toContain('Read this when you are back');
    // Kevin's password still opens the account, too.
    expect(await app.run('session.signOut', {})).toMatchObject({ ok: true });
    const signIn = { username: 'Kevin', password: 'correct horse 1' };
    expect(await app.run('session.signIn', signIn)).toMatchObject({ ok: true });
  });
});
