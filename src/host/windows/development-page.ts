import type { PageSource } from './page-source.ts';
import { uiHeaders } from './ui-files.ts';

/** Marks the scripts and styles that Vite writes into the page; the same in electron.vite.config.ts. */
const NONCE = 'development';

/**
 * The address of Vite's development server, which electron-vite and `npm run dev` put into the environment. Only a server
 * of this machine counts.
 */
export function developmentServer({ ELECTRON_RENDERER_URL: address = '' }: NodeJS.ProcessEnv): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'http:' && url.hostname === '127.0.0.1' ? url : undefined;
}

/** The socket over which Vite announces changes; the page connects to it directly. */
export function developmentSocket(server: URL): string {
  return `ws://${server.host}`;
}

/**
 * The page as Vite serves it, for a host that shows it under the host's own origin. The policy allows what Vite adds: a
 * socket, and inline scripts and styles with a nonce.
 */
export function developmentPage(server: URL): PageSource {
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${NONCE}'`,
    `style-src 'self' 'nonce-${NONCE}'`,
    `connect-src 'self' ${developmentSocket(server)}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    headers: { ...uiHeaders("'self'"), 'Content-Security-Policy': policy },
    find: async (path, query) => {
      // Vite answers with the page only a request that accepts HTML.
      const accept = path === '/' || path.endsWith('.html') ? 'text/html' : '*/*';
      try {
        const answer = await fetch(new URL(`${server.origin}${path}${query}`), { headers: { accept } });
        if (!answer.ok) return undefined;
        const type = answer.headers.get('content-type') ?? 'application/octet-stream';
        return { body: Buffer.from(await answer.arrayBuffer()), type };
      } catch {
        // Vite has ended, or starts again.
        return undefined;
      }
    },
  };
}
