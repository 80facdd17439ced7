import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog, Menu, powerMonitor, session } from 'electron';
import { actOnNotice } from '../host/windows/act-on-notice.ts';
import { AppHost } from '../host/app-host.ts';
import { readUiFiles } from '../host/windows/ui-files.ts';
import { VERSION } from '../host/version.ts';
import { makePrivateFolder } from '../node/private-files.ts';
import { defaultDataFolder } from '../node/profile.ts';
import type { NotificationAction } from '../shared/client-api/host.ts';
import { declareAppProtocol, serveApp } from './app-protocol.ts';
import { showUnread } from './badge.ts';
import { connectWindow } from './ipc.ts';
import { keepTray } from './keep-tray.ts';
import { isControlled, lockContents, lockSession } from './lockdown.ts';
import { NativeShell } from './native-shell.ts';
import { readOptions } from './options.ts';
import { StartAtLogin, startedAtLogin } from './start-at-login.ts';
import { STRINGS } from './strings.ts';
import { openWindow } from './window.ts';

const OUT = dirname(dirname(fileURLToPath(import.meta.url)));
const RESOURCES = join(dirname(OUT), 'resources');
const options = readOptions(process.argv.slice(1), app.isPackaged);
const dataFolder = options.dataFolder ?? defaultDataFolder();

try {
  prepare();
  if (app.requestSingleInstanceLock()) void app.whenReady().then(start).catch(fail);
  else app.quit();
} catch (error) {
  fail(error);
}

/** What must happen before the app is ready. */
function prepare(): void {
  if (isControlled(app)) throw new Error(STRINGS.noDebugger);
  app.enableSandbox();
  const chromiumFolder = join(dataFolder, 'window');
  try {
    // Electron throws where it is not there yet.
    makePrivateFolder(chromiumFolder);
  } catch {
    throw new Error(STRINGS.noFolder(dataFolder));
  }
  app.setPath('userData', chromiumFolder);
  // As the installer names it: Windows shows notifications of what it knows by this name only.
  if (process.platform === 'win32') app.setAppUserModelId('org.aside.desktop');
  declareAppProtocol();
  lockContents(app);
}

function start(): void {
  let quitting = false;
  const show = (): void => opened.show();
  const quit = (): void => app.quit();
  lockSession(session.defaultSession);
  serveApp(session.defaultSession, readUiFiles(options.uiFolder ?? join(OUT, 'renderer')));
  // Without a menu there is nothing to reload or zoom by; on macOS copying and quitting are in it.
  Menu.setApplicationMenu(process.platform === 'darwin' ? macMenu() : null);
  const open = (conversation: string): void => {
    show();
    host.tell({ name: 'host.conversationChosen', conversation });
  };
  const act = async (action: NotificationAction, conversation: string): Promise<void> => {
    const acted = await actOnNotice(host, action);
    if (acted.kind === 'open') open(conversation);
    else if (acted.kind === 'failed') {
      const title = STRINGS.notDone(action.label);
      shell.notify({ kind: 'request', conversation, title, body: acted.failure.text });
    }
  };
  const unread = (count: number, aside: number): void => {
    showUnread(opened.window, join(RESOURCES, 'unread.png'), count);
    tray?.unreadAside(aside);
  };
  const shell = new NativeShell({ chosen: open, acted: act, unread, quit }, new StartAtLogin(options.dataFolder));
  const chosen = options.server === undefined ? {} : { server: options.server };
  const host = new AppHost({ dataFolder, version: VERSION, shell, ...chosen });
  const tray = keepTray(join(RESOURCES, 'tray.png'), host, { show, quit });
  const opened = openWindow({
    preload: join(OUT, 'preload', 'index.cjs'),
    stateFile: join(dataFolder, 'window.json'),
    icon: join(RESOURCES, 'icon.png'),
    hidden: options.hidden || startedAtLogin(),
    developerTools: !app.isPackaged,
    // Messages still come while the window is closed; whoever wants them no longer quits.
    stays: () => tray !== undefined && !quitting,
  });
  connectWindow(opened.window, host);
  app.on('before-quit', () => {
    quitting = true;
  });
  app.on('will-quit', () => host.close());
  // A laptop that wakes up does not wait for the next attempt (G7).
  powerMonitor.on('resume', () => void host.run('session.tryNow', {}));
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', quit);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quit);
}

function macMenu(): Menu {
  return Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]);
}

function fail(error: unknown): void {
  dialog.showErrorBox(STRINGS.name, error instanceof Error ? error.message : String(error));
  app.exit(1);
}
