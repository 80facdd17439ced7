import { protocol, type Session } from 'electron';
import { type UiFile, uiHeaders } from '../host/windows/ui-files.ts';

const SCHEME = 'app';
/** The one origin that the app's window ever shows. */
export const APP_ORIGIN = `${SCHEME}://aside`;
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

const HEADERS = uiHeaders("'none'");

/** Whether an address is the app's own page: the very one, with nothing but a fragment behind it. */
export function isAppPage(url: string): boolean {
  return url === APP_PAGE || url.startsWith(`${APP_PAGE}#`);
}

/** Must be called before the app is ready. */
export function declareAppProtocol(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
}

/** Serves the built user interface under `app://aside`, from memory, with a policy that lets it connect nowhere. */
export function serveApp(session: Session, files: ReadonlyMap<string, UiFile>): void {
  session.protocol.handle(SCHEME, (request) => {
    const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
    const ours = url !== undefined && url.protocol === `${SCHEME}:` && url.host === 'aside' && request.method === 'GET';
    const file = ours ? files.get(url.pathname) : undefined;
    if (file === undefined) return new Response(null, { status: 404, headers: { ...HEADERS } });
    return new Response(new Uint8Array(file.body), { headers: { ...HEADERS, 'Content-Type': file.type } });
  });
}
