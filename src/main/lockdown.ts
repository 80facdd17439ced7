import type { App, Session } from 'electron';
import { APP_ORIGIN, isAppPage } from './app-protocol.ts';

/** The only permission of a page of the app: writing text to the clipboard after a click. */
const PERMITTED = 'clipboard-sanitized-write';

/** Whether a URL is data in the memory of the app's page. */
function isOwnBlob(url: string): boolean {
  return url.startsWith(`blob:${APP_ORIGIN}/`);
}

/** Switches with which Chromium lets another program read and control every page. */
const DEBUGGERS = ['remote-debugging-port', 'remote-debugging-pipe'];

/** Whether the installed app was started with remote debugging, so that another program could control its window. */
export function hasRemoteDebugger({ isPackaged, commandLine }: Pick<App, 'isPackaged' | 'commandLine'>): boolean {
  return isPackaged && DEBUGGERS.some((name) => commandLine.hasSwitch(name));
}

/** Chromium asks for these, by one name or the other, before a page connects to this machine. */
const FOR_SOCKET = ['loopback-network', 'local-network-access'];

/**
 * Refuses every permission and every request that leaves the app.
 * @param socket the one address that a page in development may connect to
 */
export function lockSession(session: Session, socket?: string): void {
  const permitted: readonly string[] = socket === undefined ? [PERMITTED] : [PERMITTED, ...FOR_SOCKET];
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) => {
    decide(permitted.includes(permission) && isAppPage(requestingUrl));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permitted.includes(permission) && origin.replace(/\/$/, '') === APP_ORIGIN,
  );
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, decide) => {
    const { protocol } = new URL(details.url);
    const inside = ['app:', 'data:', 'devtools:'].includes(protocol) || isOwnBlob(details.url);
    decide({ cancel: !(inside || (socket !== undefined && details.url.startsWith(`${socket}/`))) });
  });
  session.on('will-download', (event, item) => {
    // Allow downloads that the page has created, such as an exported history (G8): Electron asks the user for a path.
    if (!isOwnBlob(item.getURL())) event.preventDefault();
  });
}

/** Refuses navigation and new windows for every page. */
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
