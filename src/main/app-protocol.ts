import { protocol, type Session } from 'electron';
import type { PageSource } from '../host/windows/page-source.ts';

const SCHEME = 'app';
/** The only origin that the app's window shows. */
export const APP_ORIGIN = `${SCHEME}://aside`;
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

/** Whether a URL is the app's own page, with or without a fragment. */
export function isAppPage(url: string): boolean {
  return url === APP_PAGE || url.startsWith(`${APP_PAGE}#`);
}

/** Registers the `app:` scheme. Call it before the app is ready. */
export function declareAppProtocol(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
}

/** Serves the app's page under `app://aside`. */
export function serveApp(session: Session, page: PageSource): void {
  session.protocol.handle(SCHEME, async (request) => {
    const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
    const ours = url !== undefined && url.protocol === `${SCHEME}:` && url.host === 'aside' && request.method === 'GET';
    const file = ours ? await page.find(url.pathname, url.search) : undefined;
    if (file === undefined) return new Response(null, { status: 404, headers: { ...page.headers } });
    return new Response(new Uint8Array(file.body), { headers: { ...page.headers, 'Content-Type': file.type } });
  });
}
