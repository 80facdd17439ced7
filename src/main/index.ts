import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog, Menu, powerMonitor, session } from 'electron';
import { runNotificationAction } from '../host/windows/notification-action.ts';
import { AppHost } from '../host/app-host.ts';
import { offeredServer, trustVouchedServer } from '../host/vouched-server.ts';
import { developmentPage, developmentServer, developmentSocket } from '../host/windows/development-page.ts';
import { builtPage } from '../host/windows/page-source.ts';
import { readUiFiles } from '../host/windows/ui-files.ts';
import { APP_VERSION } from '../host/version.ts';
import { makePrivateFolder } from '../node/private-files.ts';
import { defaultClientFolder } from '../node/profile.ts';
import type { NotificationAction } from '../shared/client-api/host.ts';
import { declareAppProtocol, serveApp } from './app-protocol.ts';
import { showUnread } from './badge.ts';
import { connectWindow } from './ipc.ts';
import { runTray } from './run-tray.ts';
import { hasRemoteDebugger, lockContents, lockSession } from './lockdown.ts';
import { NativeShell } from './native-shell.ts';
import { readOptions } from './options.ts';
import { StartAtLogin, startedAtLogin } from './start-at-login.ts';
import { desktopText } from '../shared/text/shell.ts';
import { openWindow } from './window.ts';
import { en } from '../shared/text/en.ts';
import { failureText } from '../shared/text/failure-text.ts';

const OUT = dirname(dirname(fileURLToPath(import.meta.url)));
const RESOURCES = join(dirname(OUT), 'resources');
const options = readOptions(process.argv.slice(1), app.isPackaged);
const dataFolder = options.dataFolder ?? defaultClientFolder();

try {
  prepare();
  if (app.requestSingleInstanceLock()) void app.whenReady().then(start).catch(fail);
  else app.quit();
} catch (error) {
  fail(error);
}

/** Set-up before the app is ready. */
function prepare(): void {
  if (hasRemoteDebugger(app)) throw new Error(desktopText.noDebugger);
  app.enableSandbox();
  const chromiumFolder = join(dataFolder, 'window');
  try {
    // Electron throws if the folder does not exist.
    makePrivateFolder(chromiumFolder);
  } catch {
    throw new Error(desktopText.noFolder(dataFolder));
  }
  app.setPath('userData', chromiumFolder);
  // The name must be the installer's: Windows shows notifications of installed apps only.
  if (process.platform === 'win32') app.setAppUserModelId('org.aside.desktop');
  declareAppProtocol();
  lockContents(app);
}

function start(): void {
  let quitting = false;
  const show = (): void => opened.show();
  const quit = (): void => app.quit();
  showPage();
  // No menu, so no shortcuts to reload or zoom; on macOS the menu has the shortcuts for copying and quitting.
  Menu.setApplicationMenu(process.platform === 'darwin' ? macMenu() : null);
  const open = (conversation: string): void => {
    show();
    host.emit({ name: 'host.conversationChosen', conversation });
  };
  const act = async (action: NotificationAction, conversation: string): Promise<void> => {
    const acted = await runNotificationAction(host, action);
    if (acted.kind === 'open') open(conversation);
    else if (acted.kind === 'failed') {
      const title = desktopText.notDone(action.label);
      shell.notify({ kind: 'request', conversation, title, body: failureText(en, acted.failure) });
    }
  };
  const unread = (count: number, privateCount: number): void => {
    showUnread(opened.window, join(RESOURCES, 'unread.png'), count);
    tray?.unreadPrivate(privateCount);
  };
  const shell = new NativeShell({ chosen: open, acted: act, unread, quit }, new StartAtLogin(options.dataFolder));
  const host = new AppHost({ dataFolder, version: APP_VERSION, shell, ...offeredServer(options) });
  void trustVouchedServer(host);
  const tray = runTray(join(RESOURCES, 'tray.png'), host, { show, quit });
  const opened = openWindow({
    preload: join(OUT, 'preload', 'index.cjs'),
    stateFile: join(dataFolder, 'window.json'),
    icon: join(RESOURCES, 'icon.png'),
    hidden: options.hidden || startedAtLogin(),
    developerTools: !app.isPackaged,
    // Messages still arrive while the window is closed, until the user quits.
    stays: () => tray !== undefined && !quitting,
  });
  connectWindow(opened.window, host);
  app.on('before-quit', () => {
    quitting = true;
  });
  app.on('will-quit', () => host.close());
  // Reconnect at once after the computer wakes up (G7).
  powerMonitor.on('resume', () => void host.run('session.tryNow', {}));
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', quit);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quit);
}

/** The installed app shows the page that came with it, whatever its environment says. */
function showPage(): void {
  const server = app.isPackaged ? undefined : developmentServer(process.env);
  if (server === undefined) {
    lockSession(session.defaultSession);
    serveApp(session.defaultSession, builtPage(readUiFiles(options.uiFolder ?? join(OUT, 'renderer')), "'none'"));
  } else {
    lockSession(session.defaultSession, developmentSocket(server));
    serveApp(session.defaultSession, developmentPage(server));
  }
}

function macMenu(): Menu {
  return Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]);
}

function fail(error: unknown): void {
  dialog.showErrorBox(desktopText.name, error instanceof Error ? error.message : String(error));
  app.exit(1);
}
