import { BrowserWindow } from 'electron';
import { APP_PAGE } from './app-protocol.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

export interface WindowOptions {
  readonly preload: string;
  /** Where the window's place is kept. */
  readonly stateFile: string;
  readonly icon: string;
  /** Left closed: the person signed in to the computer and did not ask for it. */
  readonly hidden: boolean;
  readonly developerTools: boolean;
}

/** A page that crashes more often than so in this time stays as it is. */
const CRASHES = 3;
const CRASHES_MS = 60_000;

/** The app's only window: a sandboxed, isolated page without Node. */
export function openWindow({ preload, stateFile, icon, hidden, developerTools }: WindowOptions): BrowserWindow {
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
  if (maximized) window.maximize();
  window.once('ready-to-show', () => {
    if (!hidden) window.show();
  });
  window.on('close', () => writeWindowState(stateFile, window));
  reloadAfterCrashes(window);
  void window.loadURL(APP_PAGE);
  return window;
}

function reloadAfterCrashes(window: BrowserWindow): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const now = Date.now();
    crashes = [...crashes.filter((at) => now - at < CRASHES_MS), now];
    if (crashes.length <= CRASHES) window.webContents.reload();
  });
}
