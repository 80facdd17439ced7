import { type BrowserWindow, ipcMain, type WebFrameMain } from 'electron';
import type { AppHost } from '../host/app-host.ts';
import { InterfaceSession } from '../host/windows/interface-session.ts';
import { TO_HOST, TO_INTERFACE } from '../shared/host-api/bridge.ts';
import { isAppPage } from './app-protocol.ts';

/**
 * Connects the window's page to the host with one channel in each direction, for the main frame of this window only, and
 * only while it shows the app's own page. Each load of the page starts a new session, so that no answer reaches another
 * page.
 */
export function connectWindow(window: BrowserWindow, host: AppHost): void {
  const contents = window.webContents;
  const start = (): InterfaceSession =>
    new InterfaceSession(host, (frame) => {
      if (!contents.isDestroyed()) contents.send(TO_INTERFACE, frame);
    });
  let session = start();
  const restart = (): void => {
    session.end();
    session = start();
  };
  contents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) restart();
  });
  contents.on('render-process-gone', restart);
  const received = (event: { readonly senderFrame: WebFrameMain | null }, frame: unknown): void => {
    const { senderFrame } = event;
    if (senderFrame === null || senderFrame !== contents.mainFrame || !isAppPage(senderFrame.url)) return;
    session.receive(frame);
  };
  ipcMain.on(TO_HOST, received);
  window.once('closed', () => {
    ipcMain.off(TO_HOST, received);
    session.end();
  });
}
