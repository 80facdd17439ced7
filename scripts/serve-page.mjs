// Serves the app's page from its sources, for development.
import { createServer as createHttpServer } from 'node:http';
import { createServer, mergeConfig } from 'vite';
import { readConfig } from './build-app.mjs';

/**
 * Serves the page with Vite. Vite's own server would end this program at SIGTERM, before the others have ended.
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export async function servePage() {
  const http = createHttpServer();
  const { renderer } = await readConfig('serve', 'development');
  const vite = await createServer(
    mergeConfig(renderer ?? {}, { server: { middlewareMode: { server: http }, hmr: { server: http } } }, false),
  );
  http.on('request', vite.middlewares);
  const { host, port } = vite.config.server;
  await new Promise((listening) => http.listen(port, String(host), () => listening(undefined)));
  return {
    address: `http://${host}:${port}`,
    close: async () => {
      await vite.close();
      http.closeAllConnections();
      http.close();
    },
  };
}
