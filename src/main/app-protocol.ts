import { protocol, type Session } from 'electron';
import type { PageSource } from '../host/windows/page-source.ts';

const SCHEME = 'app';
/** The one origin that the app's window ever shows. */
export const APP_ORIGIN = `${SCHEME}://aside`;
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

/** Whether an address is the app's own page: the very one, with nothing but a fragment behind it. */
export function isAppPage(url: string): boolean {
  return url === APP_PAGE || url.startsWith(`${APP_PAGE}#`);
}

/** Must be called before the app is ready. */
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
