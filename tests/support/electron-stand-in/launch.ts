import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../../scripts/setup.mjs';
import type { Exit } from '../server-process.ts';
import { describeInBrowser } from '../browser.ts';
import { putPart } from '../built-part.ts';

const REGISTER = fileURLToPath(new URL('./register.mjs', import.meta.url));
const START_MS = 80_000;
const ANSWER_MS = 40_000;

/** Main process and preload script as they are built for packaging. */
export interface AppBundle {
  readonly main: string;
  readonly preload: string;
  remove(): void;
}

export async function bundleApp(): Promise<AppBundle> {
  // Inside the repository, so that Node finds the packages; the layout is that of a packaged app.
  const home = join(ROOT, 'build', 'app-for-tests');
  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(join(home, 'fresh-'));
  for (const part of ['main', 'preload'] as const) await putPart(part, join(folder, 'out', part));
  symlinkSync(join(ROOT, 'resources'), join(folder, 'resources'));
  return {
    main: join(folder, 'out', 'main', 'index.js'),
    preload: join(folder, 'out', 'preload', 'index.cjs'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const CHROMIUM = process.env.ASIDE_CHROMIUM ?? '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM) && process.env.ASIDE_BROWSER !== 'none';

/** Tests that need the stand-in, and so Chromium itself. */
export function describeOnStandIn(name: string, tests: () => void): void {
  describeInBrowser(name, tests, hasChromium);
}

export interface LaunchOptions {
  readonly dataFolder: string;
  readonly uiFolder: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Note {
  readonly what: string;
  readonly args: readonly unknown[];
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The desktop app on the stand-in. */
export class DesktopApp {
  readonly exited: Promise<Exit & { output: string }>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { done: (value: unknown) => void; failed: (error: Error) => void }>();
  readonly #ready: Promise<void>;
  #nextId = 0;

  private constructor(main: string, { dataFolder, uiFolder, args = [], env = {} }: LaunchOptions) {
    this.#child = fork(main, ['--data', dataFolder, '--ui', uiFolder, ...args], {
      execArgv: ['--import', REGISTER],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    running.add(this.#child);
    let output = '';
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    this.exited = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        running.delete(this.#child);
        for (const { failed } of this.#waiting.values()) failed(new Error(`the app has ended:\n${output}`));
        resolve({ code, signal, output });
      });
    });
    this.#ready = new Promise((resolve) => {
      this.#child.on('message', (message: { ready?: true; id?: number; result?: unknown; error?: string }) => {
        if (message.ready === true) resolve();
        else this.#answered(message);
      });
    });
  }

  /** Starts the app and waits for the page of its window. @throws Error with its output if it ends instead */
  static async launch(main: string, options: LaunchOptions): Promise<DesktopApp> {
    const app = DesktopApp.start(main, options);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), START_MS);
    });
    const first = await Promise.race([app.#ready, late, app.exited]);
    clearTimeout(timer);
    if (first === undefined) return app;
    await app.kill();
    throw new Error(`the app did not start:\n${(await app.exited).output}`);
  }

  /** Starts the app without waiting for a window. */
  static start(main: string, options: LaunchOptions): DesktopApp {
    return new DesktopApp(main, options);
  }

  /** Sends a request to the stand-in; see its `REQUESTS`. */
  ask<T>(name: string, ...args: readonly unknown[]): Promise<T> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${name}`)), ANSWER_MS);
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        done: (value) => {
          end();
          resolve(value as T);
        },
        failed: (error) => {
          end();
          reject(error);
        },
      });
      this.#child.send({ id, name, args });
    });
  }

  /** Recorded Electron calls of one kind. */
  async noted(what: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.ask<readonly Note[]>('log')).filter((note) => note.what === what).map(({ args }) => args);
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.ask<T>('evaluate', expression);
  }

  async signal(signal: NodeJS.Signals): Promise<Exit & { output: string }> {
    this.#child.kill(signal);
    return await this.exited;
  }

  /** Kills the app and its browser. */
  async kill(): Promise<void> {
    if (!running.has(this.#child)) return;
    // No disconnect(): Node does not report the end of a child whose channel the parent has closed.
    if (this.#child.connected) this.#child.send({ id: -1, name: 'end', args: [] });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3_000);
    await this.exited;
    clearTimeout(timer);
  }

  #answered({ id, result, error }: { id?: number; result?: unknown; error?: string }): void {
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (error === undefined) waiting?.done(result);
    else waiting?.failed(new Error(error));
  }
}
