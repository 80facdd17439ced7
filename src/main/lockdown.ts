import type { App, Session } from 'electron';
import { APP_ORIGIN, isAppPage } from './app-protocol.ts';

/** All that a page of the app may have beyond the web's ordinary: writing text to the clipboard after a click. */
const PERMITTED = 'clipboard-sanitized-write';

/** Whether an address is data that a page of the app holds in memory. */
function isOwnBlob(url: string): boolean {
  return url.startsWith(`blob:${APP_ORIGIN}/`);
}

/** With these Chromium lets another program read and control every page. */
const DEBUGGERS = ['remote-debugging-port', 'remote-debugging-pipe'];

/** Whether the installed app was started so that another program could control its window. Before anything is shown. */
export function hasRemoteDebugger({ isPackaged, commandLine }: Pick<App, 'isPackaged' | 'commandLine'>): boolean {
  return isPackaged && DEBUGGERS.some((name) => commandLine.hasSwitch(name));
}

/** Refuses every permission and every request that leaves the app. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) => {
    decide(permission === PERMITTED && isAppPage(requestingUrl));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === PERMITTED && origin.replace(/\/$/, '') === APP_ORIGIN,
  );
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, decide) => {
    const { protocol } = new URL(details.url);
    decide({ cancel: !(['app:', 'data:', 'devtools:'].includes(protocol) || isOwnBlob(details.url)) });
  });
  session.on('will-download', (event, item) => {
    // What the page itself made, such as an exported history (G8): the person is asked where to, by Electron.
    if (!isOwnBlob(item.getURL())) event.preventDefault();
  });
}

/** Keeps every page where it is, and lets none open another. */
export function lockContents(app: App): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!isAppPage(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !isAppPage(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}
