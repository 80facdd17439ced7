import { app, BrowserWindow, dialog } from 'electron';
import { APP_PAGE } from './app-protocol.ts';
import { CrashCount } from './crash-count.ts';
import { STRINGS } from './strings.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

export interface WindowOptions {
  readonly preload: string;
  /** Where the window's place is kept. */
  readonly stateFile: string;
  readonly icon: string;
  /** Left closed: the person signed in to the computer and did not ask for it. */
  readonly hidden: boolean;
  readonly developerTools: boolean;
  /** Whether it is only hidden when somebody closes it. */
  stays(): boolean;
}

export interface AppWindow {
  readonly window: BrowserWindow;
  /** Brings it into sight, wherever it is. */
  show(): void;
}

/** The app's only window: a sandboxed, isolated page without Node. */
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
      // A hidden page's timers are slowed down, which saves the battery. Notifications do not wait for timers: the page
      // raises them while it handles the host's frame, and frames are not slowed down (G5).
      backgroundThrottling: true,
    },
  });
  // Maximizing shows a window: one that starts hidden has it before it.
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
  // On macOS a full screen stays, black, when the window on it is hidden.
  if (process.platform !== 'darwin' || !window.isFullScreen()) window.hide();
  else {
    window.once('leave-full-screen', () => window.hide());
    window.setFullScreen(false);
  }
}

/** Loads a page again that has crashed; one that does so over and over, when the person wants it or opens the window. */
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
    title: STRINGS.name,
    message: STRINGS.crashed,
    detail: STRINGS.crashedDetail,
    buttons: [STRINGS.reload, STRINGS.quit],
    defaultId: 0,
    cancelId: 0,
  });
  if (response === 1) app.quit();
  else again();
}
