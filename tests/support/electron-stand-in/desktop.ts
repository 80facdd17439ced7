import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type RunningServer, startServer } from '../server-process.ts';
import { type AppBundle, bundleApp, DesktopApp } from './launch.ts';
import { putPart } from '../built-part.ts';

/** The built app on the stand-in, its built window, and a server, for the tests of one `describe`. */
export interface Desktop {
  readonly server: RunningServer;
  /** A folder that is removed after the test. */
  dataFolder(): string;
  /** Ends after the test, if it still runs. */
  launch(dataFolder: string, env?: Readonly<Record<string, string>>): Promise<DesktopApp>;
}

/** Call it in a `describe`, and use the result in its tests. */
export function useDesktop(): Desktop {
  const uiFolder = mkdtempSync(join(tmpdir(), 'aside-window-'));
  let bundle: AppBundle | undefined;
  let server: RunningServer | undefined;
  beforeAll(async () => {
    [bundle, server] = await Promise.all([bundleApp(), startServer(), putPart('renderer', uiFolder)]);
  });
  afterAll(async () => {
    await server?.cleanUp();
    bundle?.remove();
    rmSync(uiFolder, { recursive: true });
  });
  const made = <T>(what: T | undefined): T => {
    if (what === undefined) throw new Error('not before the tests run');
    return what;
  };
  return {
    get server() {
      return made(server);
    },
    dataFolder: () => {
      const home = mkdtempSync(join(tmpdir(), 'aside-desktop-'));
      onTestFinished(() => rmSync(home, { recursive: true }));
      return join(home, 'data');
    },
    launch: async (dataFolder, env = {}) => {
      const args = ['--server', `127.0.0.1:${made(server).port}`];
      const app = await DesktopApp.launch(made(bundle).main, { dataFolder, uiFolder, args, env });
      onTestFinished(() => app.kill());
      return app;
    },
  };
}

export const button = (name: string): string => `role=button[name="${name}"]`;

/** Sets a passphrase in the settings, which stay open. */
export async function setPassphrase(app: DesktopApp, passphrase: string): Promise<void> {
  await app.ask('press', 'Control+,');
  await app.ask('click', 'role=tab[name="Account"]');
  await app.ask('fill', 'role=textbox[name="New passphrase"]', passphrase);
  await app.ask('fill', 'role=textbox[name="Repeat new passphrase"]', passphrase);
  await app.ask('click', 'text=I have written the passphrase down');
  await app.ask('click', button('Set passphrase'));
  await app.ask('waitFor', 'text=The data on this computer is encrypted with your passphrase.');
}

/** First start: trusts the server and registers an account. */
export async function begin(app: DesktopApp, username: string): Promise<void> {
  await app.ask('click', button('Connect'));
  await app.ask('click', button('They match'));
  await app.ask('fill', 'role=textbox[name="Username"]', username);
  await app.ask('fill', 'input[type=password] >> nth=0', 'correct horse battery');
  await app.ask('fill', 'input[type=password] >> nth=1', 'correct horse battery');
  await app.ask('press', 'Enter');
  await app.ask('waitFor', 'role=navigation');
}
