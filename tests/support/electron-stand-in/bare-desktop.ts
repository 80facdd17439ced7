import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import type { HostState } from '../../../src/shared/client-api/host.ts';
import type { ViewState } from '../../../src/shared/client-api/view-state.ts';
import { PrivateUser } from '../private-users.ts';
import { type RunningServer, startServer } from '../server-process.ts';
import { type AppBundle, bundleApp, DesktopApp, type LaunchOptions } from './launch.ts';

/** A page without code of its own; tests use the bridge of the built preload script in it. */
const PAGE_SCRIPT = `
  const answers = new Map();
  window.told = [];
  // Checked in the page, not through the debugger: code of a debugger may always use eval.
  window.evalWorks = (() => { try { return eval('true'); } catch { return false; } })();
  let id = 0;
  asideBridge.listen((frame) => {
    if (answers.has(frame.id)) answers.get(frame.id)(frame);
    else told.push(frame);
  });
  window.call = (frame) => new Promise((resolve) => {
    answers.set(++id, resolve);
    asideBridge.send({ id, ...frame });
  });
`;

/** Answer to a frame over the bridge. */
export interface Frame {
  readonly view?: Pick<ViewState, 'connection' | 'username' | 'conversations'>;
  readonly hostState?: HostState;
  readonly outcome?: { readonly ok: boolean; readonly failure?: { readonly reason: string } };
}

/** Sends a frame over the bridge. */
export const call = (app: DesktopApp, frame: object): Promise<Frame> => app.evaluate(`call(${JSON.stringify(frame)})`);

/** Folders of an app with a page without code; removed after the test. */
export function folders(): { dataFolder: string; uiFolder: string } {
  const home = mkdtempSync(join(tmpdir(), 'aside-desktop-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const uiFolder = join(home, 'ui');
  mkdirSync(uiFolder);
  writeFileSync(join(uiFolder, 'index.html'), '<!doctype html><title>Aside</title><script src="./app.js"></script>');
  writeFileSync(join(uiFolder, 'app.js'), PAGE_SCRIPT);
  return { dataFolder: join(home, 'data'), uiFolder };
}

/** The built main process and preload script on the stand-in, with a page without code, and a server. */
export interface BareDesktop {
  readonly bundle: AppBundle;
  /** Ends after the test. */
  launch(options?: Partial<LaunchOptions>): Promise<DesktopApp>;
  /** Registers an account over the bridge. @returns its name */
  register(app: DesktopApp): Promise<string>;
  /** Another user on the same server. */
  otherUser(): Promise<PrivateUser>;
}

/** Sets up the app for the tests of one file. */
export function useBareDesktop(): BareDesktop {
  let bundle: AppBundle | undefined;
  let server: RunningServer | undefined;
  let names = 0;
  beforeAll(async () => {
    [bundle, server] = await Promise.all([bundleApp(), startServer()]);
  });
  afterAll(async () => {
    await server?.cleanUp();
    bundle?.remove();
  });
  const made = <T>(what: T | undefined): T => {
    if (what === undefined) throw new Error('not before the tests run');
    return what;
  };
  return {
    get bundle() {
      return made(bundle);
    },
    launch: async (options = {}) => {
      const args = ['--server', `127.0.0.1:${made(server).port}`];
      const app = await DesktopApp.launch(made(bundle).main, { ...folders(), args, ...options });
      onTestFinished(() => app.kill());
      return app;
    },
    register: async (app) => {
      const username = `desk${++names}`;
      const params = { username, password: 'correct horse battery' };
      const { outcome } = await call(app, { command: 'session.register', params });
      expect(outcome).toMatchObject({ ok: true });
      return username;
    },
    otherUser: async () => {
      const person = await PrivateUser.join(`bob${++names}`, made(server).port);
      onTestFinished(() => person.remove());
      return person;
    },
  };
}
