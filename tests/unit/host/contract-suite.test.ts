import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { BrowserHost } from '../../../src/browser/browser-host.ts';
import { AppHost } from '../../../src/host/app-host.ts';
import { InterfaceSession } from '../../../src/host/windows/interface-session.ts';
import { builtPage } from '../../../src/host/windows/page-source.ts';
import { readUiFiles } from '../../../src/host/windows/ui-files.ts';
import { COMMANDS, type NumberedEvent } from '../../../src/shared/client-api/contract.ts';
import { DEFAULT_PREFERENCES, HOST_COMMANDS, type HostEvent } from '../../../src/shared/client-api/host.ts';
import { reduce } from '../../../src/shared/client-api/reduce.ts';
import { type HostFrame, hostFrame } from '../../../src/shared/client-api/frames.ts';
import type { ViewState } from '../../../src/shared/client-api/view-state.ts';
import { ask, writeUi } from '../../support/browser-app.ts';
import { type RunningServer, startServer } from '../../support/server-process.ts';
import { SILENT_SHELL } from '../../support/silent-shell.ts';
import { CHEAP_KEY } from '../../support/cheap-key.ts';

/** A transport for frames between a user interface and its host. */
interface Way {
  send(frame: object): void;
  close(): Promise<void> | void;
}
type Opener = (host: AppHost, received: (frame: unknown) => void) => Promise<Way> | Way;

const direct: Opener = (host, received) => {
  const session = new InterfaceSession(host, received);
  return { send: (frame) => session.receive(frame), close: () => session.end() };
};

/** Like Electron's IPC: frames are cloned, and arrive in a later tick. */
const clonedPair: Opener = (host, received) => {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const session = new InterfaceSession(host, (frame) => theirs.postMessage(frame));
  theirs.on('message', (frame: unknown) => session.receive(frame));
  ours.on('message', received);
  return {
    send: (frame) => ours.postMessage(frame),
    close: () => {
      session.end();
      ours.close();
    },
  };
};

const webSocket: Opener = async (host, received) => {
  const folder = mkdtempSync(join(tmpdir(), 'aside-ui-'));
  const browserHost = await BrowserHost.start({
    host,
    page: builtPage(readUiFiles(writeUi(folder)), "'self'"),
    port: 0,
  });
  rmSync(folder, { recursive: true });
  const link = browserHost.link();
  const { headers } = await ask(browserHost.port, link.slice(link.indexOf('/?')));
  const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const origin = `http://127.0.0.1:${browserHost.port}`;
  const socket = new WebSocket(`ws://127.0.0.1:${browserHost.port}/socket`, { headers: { origin, cookie } });
  socket.on('message', (data: Buffer) => received(JSON.parse(data.toString())));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return { send: (frame) => socket.send(JSON.stringify(frame)), close: () => browserHost.close() };
};

/** A user interface that applies events to a view, as the renderer does. */
class Projection {
  view: ViewState | undefined;
  readonly events: NumberedEvent[] = [];
  readonly hostEvents: HostEvent[] = [];
  readonly #answers = new Map<number, (frame: HostFrame) => void>();
  #way: Way | undefined;
  #id = 0;

  async open(opener: Opener, host: AppHost): Promise<void> {
    this.#way = await opener(host, (raw) => this.#received(hostFrame.parse(raw)));
  }

  call(frame: object): Promise<HostFrame> {
    const id = this.#id++;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#way?.send({ id, ...frame });
    });
  }

  async outcome(frame: object): Promise<unknown> {
    const answer = await this.call(frame);
    return 'outcome' in answer ? answer.outcome : answer;
  }

  async read(): Promise<ViewState> {
    const answer = await this.call({ read: 'all' });
    if (!('view' in answer)) throw new Error('a reading without a view');
    return answer.view;
  }

  close(): Promise<void> | void {
    return this.#way?.close();
  }

  #received(frame: HostFrame): void {
    if ('event' in frame) {
      this.events.push(frame.event);
      if (this.view !== undefined) this.view = reduce(this.view, frame.event);
    } else if ('hostEvent' in frame) this.hostEvents.push(frame.hostEvent);
    else {
      if ('view' in frame) this.view = frame.view;
      this.#answers.get(frame.id)?.(frame);
    }
  }
}

let server: RunningServer;
let folder: string;
let host: AppHost;
let ui: Projection;
beforeAll(async () => {
  server = await startServer({ plaintext: true });
});
afterAll(() => server.cleanUp());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-host-'));
  host = startHost();
  ui = new Projection();
});
afterEach(async () => {
  await ui.close();
  host.close();
  rmSync(folder, { recursive: true, force: true });
});

function startHost(): AppHost {
  return new AppHost({
    keyCost: CHEAP_KEY,
    dataFolder: folder,
    version: '1.2.3',
    shell: SILENT_SHELL,
    server: { host: '127.0.0.1', port: server.port, plaintext: true },
  });
}

let names = 0;
const register = async (): Promise<string> => {
  const username = `person${++names}`;
  const outcome = await ui.outcome({ command: 'session.register', params: { username, password: 'long enough' } });
  expect(outcome).toEqual({ ok: true, result: { username, waiting: 0 } });
  return username;
};

/** Whether any file of the data folder contains a word in plain text. */
function readable(word: string): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(word));
}

describe.each([
  ['a direct call', direct],
  ['a structured-clone pair', clonedPair],
  ['a WebSocket', webSocket],
])('Host contract over %s', (_name, opener) => {
  beforeEach(() => ui.open(opener, host));

  it('answers the first read with a snapshot', async () => {
    const answer = await ui.call({ read: 'all' });
    expect(answer).toMatchObject({
      view: { seq: 0, connection: { state: 'idle' }, conversations: [] },
      hostState: {
        kind: 'browser',
        version: '1.2.3',
        lock: 'none',
        preferences: DEFAULT_PREFERENCES,
        drafts: {},
        accounts: [],
      },
    });
  });

  it('sends no event before the first read, and leaves no gap after it', async () => {
    const before = await register();
    expect(ui.events).toEqual([]);
    await ui.read();
    for (const text of ['one', 'two', 'three']) {
      await ui.outcome({ command: 'message.send', params: { to: before, text } });
    }
    await ui.outcome({ command: 'session.signOut', params: {} });
    const applied = ui.view;
    expect(await ui.read()).toEqual(applied);
    expect(ui.events.length).toBeGreaterThan(3);
  });

  it('starts with an empty view for another account', async () => {
    await ui.read();
    const first = await register();
    expect(ui.hostEvents).toEqual([{ name: 'host.replaced' }]);
    await ui.outcome({ command: 'session.signOut', params: {} });
    const second = await register();
    expect(await ui.read()).toMatchObject({ username: second, connection: { state: 'online' } });
    const { accounts, identity } = host.read().hostState;
    expect(accounts?.map(({ username }) => username)).toEqual([second, first]);
    expect(identity, 'fingerprint of this device').toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });

  it.each([...Object.keys(COMMANDS)])('refuses command %s with wrong parameters, with a reason', async (command) => {
    for (const params of [null, 7, 'text', { surprise: true }]) {
      expect(await ui.outcome({ command, params })).toMatchObject({
        ok: false,
        failure: { reason: 'invalid-command' },
      });
    }
  });

  it.each([...Object.keys(HOST_COMMANDS)])(
    'refuses host command %s with wrong parameters, with a reason',
    async (name) => {
      for (const params of [null, 7, 'text', { surprise: true }]) {
        expect(await ui.outcome({ host: name, params })).toMatchObject({
          ok: false,
          failure: { reason: 'invalid-command' },
        });
      }
    },
  );

  it('transports texts unchanged', async () => {
    const username = await register();
    const text = 'a\u0000b\r\n\u2028 🙂 "<script>" é';
    const sent = await ui.outcome({ command: 'message.send', params: { to: username, text } });
    expect(sent).toMatchObject({ ok: true, result: { message: { text } } });
    expect(await ui.outcome({ host: 'host.writeDraft', params: { conversation: '@x', text } })).toEqual({
      ok: true,
      result: {},
    });
    expect(host.read().hostState.drafts).toEqual({ '@x': text });
  });

  it('locks the data folder with a passphrase, and unlocks it (G1, G8)', async () => {
    const ask = (host: string, params: object) => ui.outcome({ host, params });
    const refused = (reason: string) =>
      expect.objectContaining({ ok: false, failure: expect.objectContaining({ reason }) });
    const done = { ok: true, result: {} };
    await ui.read();
    const username = await register();
    await ui.outcome({ command: 'message.broadcast', params: { text: 'Geheimnisvoll' } });
    expect(await ask('host.unlock', { passphrase: 'correct horse' })).toEqual(refused('invalid-command'));
    expect(await ask('host.setPassphrase', { passphrase: 'short' })).toEqual(refused('passphrase-short'));
    expect(readable('Geheimnisvoll')).toBe(true);
    ui.hostEvents.length = 0;
    expect(await ask('host.setPassphrase', { passphrase: 'correct horse' })).toEqual(done);
    expect(ui.hostEvents).toEqual([{ name: 'host.locking' }, { name: 'host.replaced' }]);
    expect(host.read().hostState.lock).toBe('passphrase');
    expect(readable('Geheimnisvoll')).toBe(false);
    await vi.waitFor(async () => expect((await ui.read()).connection.state).toBe('online'), { timeout: 15_000 });

    await ui.close();
    host.close();
    host = startHost();
    ui = new Projection();
    await ui.open(opener, host);
    expect(await ui.call({ read: 'all' })).toMatchObject({
      view: { connection: { state: 'idle' }, conversations: [] },
      hostState: { lock: 'locked', dataFolder: folder, accounts: [], drafts: {} },
    });
    expect(await ui.outcome({ command: 'session.resume', params: {} })).toEqual(refused('vault-locked'));
    const account = { server: { host: '127.0.0.1', port: server.port, plaintext: true }, username };
    expect(await ask('host.chooseAccount', account)).toEqual(refused('vault-locked'));
    expect(await ask('host.forgetAccount', account)).toEqual(refused('vault-locked'));
    expect(await ask('host.setPassphrase', { passphrase: 'another horse' })).toEqual(refused('vault-locked'));
    expect(await ask('host.writePreferences', { ...DEFAULT_PREFERENCES, theme: 'dark' })).toEqual(done);
    const both = ['wrong horse', 'correct horse'].map((passphrase) => ask('host.unlock', { passphrase }));
    expect(await Promise.all(both)).toEqual([refused('wrong-passphrase'), refused('already-trying')]);
    ui.hostEvents.length = 0;
    expect(await ask('host.unlock', { passphrase: 'correct horse' })).toEqual(done);
    expect(ui.hostEvents).toEqual([{ name: 'host.replaced' }]);
    expect(await ui.read()).toMatchObject({ username, conversations: [{ last: { text: 'Geheimnisvoll' } }] });
    expect(host.read().hostState).not.toHaveProperty('dataFolder');

    const change = { passphrase: 'another horse' };
    for (const current of [undefined, 'wrong horse']) {
      expect(await ask('host.setPassphrase', { ...change, current })).toEqual(refused('wrong-passphrase'));
    }
    expect(await ask('host.setPassphrase', { ...change, current: 'correct horse' })).toEqual(done);
    expect(ui.hostEvents).toEqual([{ name: 'host.replaced' }]);
  });

  it('reports changed preferences to every user interface (G5)', async () => {
    await ui.read();
    const preferences = { ...DEFAULT_PREFERENCES, theme: 'dark' };
    await ui.outcome({ host: 'host.writePreferences', params: preferences });
    expect(ui.hostEvents).toEqual([{ name: 'host.preferencesChanged', preferences }]);
  });

  it('limits the running commands of one user interface', async () => {
    const asked = Array.from({ length: 300 }, () =>
      ui.outcome({ host: 'host.probeServer', params: { host: '127.0.0.1', port: server.port, plaintext: true } }),
    );
    const outcomes = await Promise.all(asked);
    const refused = outcomes.filter((outcome) => (outcome as { ok: boolean }).ok === false);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(44);
    expect(refused[0]).toMatchObject({ failure: { reason: 'too-many-waiting' } });
  });
});
