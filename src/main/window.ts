import { app, BrowserWindow, dialog } from 'electron';
import { APP_PAGE } from './app-protocol.ts';
import { CrashCount } from './crash-count.ts';
import { desktopText } from '../shared/text/shell.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

export interface WindowOptions {
  readonly preload: string;
  /** File of the window's place. */
  readonly stateFile: string;
  readonly icon: string;
  /** Start hidden: the system has started the app at login. */
  readonly hidden: boolean;
  readonly developerTools: boolean;
  /** Whether closing the window only hides it. */
  stays(): boolean;
}

export interface AppWindow {
  readonly window: BrowserWindow;
  /** Shows the window and gives it the focus. */
  show(): void;
}

/** Opens the app's only window: a sandboxed, isolated page without Node. */
export function openWindow({ preload, stateFile, icon, hidden, developerTools, stays }: WindowOptions): AppWindow {
  const { maximized, ...bounds } = readWindowState(stateFile);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 360,
    minHeight: 480,
    show: false,
    icon,
    title: 'Aside',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: developerTools,
      // Slow down the timers of a hidden page, to save the battery. Notifications do not depend on timers: the page raises
      // them while it handles a frame of the host, and frames are not slowed down (G5).
      backgroundThrottling: true,
    },
  });
  // Maximizing shows a window, so a hidden one is maximized when it is first shown.
  let toMaximize = maximized;
  const show = (): void => {
    if (window.isMinimized()) window.restore();
    if (toMaximize) window.maximize();
    toMaximize = false;
    window.show();
    window.focus();
  };
  window.once('ready-to-show', () => {
    if (!hidden) show();
  });
  window.on('close', (event) => {
    writeWindowState(stateFile, window, toMaximize || window.isMaximized());
    if (!stays()) return;
    event.preventDefault();
    hide(window);
  });
  reloadAfterCrashes(window);
  void window.loadURL(APP_PAGE);
  return { window, show };
}

function hide(window: BrowserWindow): void {
  // On macOS, hiding a full-screen window leaves a black screen: leave full screen first.
  if (process.platform !== 'darwin' || !window.isFullScreen()) window.hide();
  else {
    window.once('leave-full-screen', () => window.hide());
    window.setFullScreen(false);
  }
}

/** Reloads a crashed page; after repeated crashes, only if the user asks for it or shows the window. */
function reloadAfterCrashes(window: BrowserWindow): void {
  const crashes = new CrashCount();
  const again = (): void => {
    crashes.reset();
    if (!window.isDestroyed()) window.webContents.reload();
  };
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    if (crashes.mayReload(Date.now())) window.webContents.reload();
    else if (window.isVisible()) void askAfterCrashes(window, again);
    else window.once('show', again);
  });
}

async function askAfterCrashes(window: BrowserWindow, again: () => void): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    title: desktopText.name,
    message: desktopText.crashed,
    detail: desktopText.crashedDetail,
    buttons: [desktopText.reload, desktopText.quit],
    defaultId: 0,
    cancelId: 0,
  });
  if (response === 1) app.quit();
  else again();
}
