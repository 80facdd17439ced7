import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../../../src/shared/client-api/failure.ts';
import type { HostState } from '../../../src/shared/client-api/host.ts';
import type { DesktopApp } from './launch.ts';

/** A page without code of its own; tests use the bridge of the built preload script in it. */
const SCRIPT = `
  const answers = new Map();
  let id = 0;
  asideBridge.listen((frame) => answers.get(frame.id)?.(frame));
  window.call = (frame) => new Promise((resolve) => {
    answers.set(++id, resolve);
    asideBridge.send({ id, ...frame });
  });
`;

/** Creates a user interface of such a page. @param title identifies it */
export function writeBarePage(folder: string, title = 'bare'): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), `<!doctype html><title>${title}</title><script src="./app.js"></script>`);
  writeFileSync(join(folder, 'app.js'), SCRIPT);
  return folder;
}

export interface Answer {
  readonly hostState?: HostState;
  readonly outcome?: Outcome<unknown>;
}

/** Sends a frame to the host from such a page. */
export function callHost(app: DesktopApp, frame: object): Promise<Answer> {
  return app.evaluate(`call(${JSON.stringify(frame)})`);
}
