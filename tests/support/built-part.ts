import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildPart } from '../../scripts/build-app.mjs';
import { needsBuild, ROOT } from '../../scripts/setup.mjs';

const POLL_MS = 200;
/** After this time another process's build is taken for dead. */
const BUILD_MS = 120_000;
const DEMO_HOME = join(ROOT, 'build', 'demo-page');
const SOURCES = ['src', join('tests', 'support', 'demo-page'), 'electron.vite.config.ts', 'package-lock.json'].map(
  (name) => join(ROOT, name),
);

/** Fills a folder with a part of the app: a copy of what `npm run build` made if that is up to date, else a new build. */
export async function putPart(part: 'main' | 'preload' | 'renderer', folder: string): Promise<void> {
  if (needsBuild(ROOT)) await buildPart(part, folder);
  else cpSync(join(ROOT, 'out', part), folder, { recursive: true });
}

/** Fills a folder with the page that runs on a client in memory. All test files of a run share one build. */
export async function putDemoPage(folder: string): Promise<void> {
  const built = join(DEMO_HOME, String(Math.max(...SOURCES.map(newest))));
  const deadline = Date.now() + BUILD_MS;
  while (!existsSync(built)) {
    if (!claim(built) && Date.now() < deadline) {
      await pause(POLL_MS);
      continue;
    }
    const fresh = `${built}.${process.pid}`;
    await buildPart('renderer', fresh, { demo: true });
    if (existsSync(built)) rmSync(fresh, { recursive: true });
    else renameSync(fresh, built);
  }
  cpSync(built, folder, { recursive: true });
}

/** @returns whether this process is the first to build; older builds are removed then */
function claim(built: string): boolean {
  mkdirSync(DEMO_HOME, { recursive: true });
  try {
    mkdirSync(`${built}.claim`);
  } catch {
    return false;
  }
  for (const name of readdirSync(DEMO_HOME)) {
    const path = join(DEMO_HOME, name);
    if (!path.startsWith(built)) rmSync(path, { recursive: true, force: true });
  }
  return true;
}

/** Time of the last change at or below a path. */
function newest(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
