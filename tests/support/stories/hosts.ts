import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type Browser, chromium, type Page } from 'playwright-core';
import { launchBrowser } from '../browser.ts';
import { startBrowserApp } from '../browser-app.ts';
import { bundleProgram } from '../client-bundle.ts';
import { bundleApp, DesktopApp } from '../electron-stand-in/launch.ts';
import { freePort } from '../server-process.ts';
import { type Desk, deskOfPage, deskOfStandIn } from './desk.ts';
import { putPart } from '../built-part.ts';

/** An app that runs, with its window. */
export interface OpenApp {
  readonly page: Page;
  /** Absent where nothing of it can be seen from here. */
  readonly desk?: Desk;
  /** Ends it as a person does. What it keeps is on the disk then. */
  quit(): Promise<void>;
  /** Ends it at once, whatever it does. */
  kill(): Promise<void>;
}

/** The shell of the app: built programs and a real browser, in one of their combinations. */
export interface StoryHost {
  /**
   * @param dataFolder of the account, kept when the app ends
   * @param server that a first start offers, `host:port`
   * @param prepare what is to be done with the page, if possible before it is loaded
   */
  open(dataFolder: string, server: string, prepare: (page: Page) => Promise<void>): Promise<OpenApp>;
  /** Removes what was built. All apps have ended before. */
  close(): Promise<void>;
}

/** As wide as a window is that shows the list of people beside the conversation. */
const VIEWPORT = { width: 1_280, height: 800 };

async function builtWindow(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'aside-window-'));
  await putPart('renderer', folder);
  return folder;
}

/** The browser host as a process of its own, its page in a real browser. */
export async function browserHost(): Promise<StoryHost> {
  const [program, browser, uiFolder] = await Promise.all([
    bundleProgram(new URL('../../../src/browser/index.ts', import.meta.url)),
    launchBrowser(),
    builtWindow(),
  ]);
  return {
    open: async (dataFolder, server, prepare) => {
      const app = await startBrowserApp(program.file, { dataFolder, uiFolder, args: ['--server', server] });
      const permissions = ['clipboard-read', 'clipboard-write'];
      const context = await browser.newContext({ viewport: VIEWPORT, reducedMotion: 'reduce', permissions });
      const page = await context.newPage();
      const desk = await deskOfPage(page);
      await prepare(page);
      await page.goto(app.link);
      await page.waitForURL(`http://127.0.0.1:${app.port}/`);
      return {
        page,
        desk,
        quit: async () => {
          // The page first: one whose program has ended complains of it, and rightly.
          await page.close();
          await context.close();
          await app.stop();
          await app.cleanUp();
        },
        kill: async () => {
          await context.close();
          await app.cleanUp();
        },
      };
    },
    close: async () => {
      await browser.close();
      program.remove();
      rmSync(uiFolder, { recursive: true });
    },
  };
}

/** Electron's main process and preload script as built, on the stand-in for Electron; its window is a page of Chromium. */
export async function standInHost(): Promise<StoryHost> {
  const [bundle, uiFolder] = await Promise.all([bundleApp(), builtWindow()]);
  return {
    open: async (dataFolder, server, prepare) => {
      const port = await freePort();
      const env = { STAND_IN_DEVTOOLS_PORT: String(port) };
      const app = await DesktopApp.launch(bundle.main, { dataFolder, uiFolder, args: ['--server', server], env });
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
      const kill = async (): Promise<void> => {
        await browser.close();
        await app.kill();
      };
      const page = await onlyPage(browser);
      await prepare(page);
      return {
        page,
        desk: deskOfStandIn(app),
        quit: async () => {
          await browser.close();
          // The app ends before it can answer.
          await app.ask('clickTray', 'Quit Aside').catch(() => undefined);
          await app.exited;
        },
        kill,
      };
    },
    close: async () => {
      bundle.remove();
      rmSync(uiFolder, { recursive: true });
    },
  };
}

async function onlyPage(browser: Browser): Promise<Page> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  const page = pages.find((one) => one.url().startsWith('https://aside.test/'));
  if (page === undefined) throw new Error(`the app has no page: ${pages.map((one) => one.url()).join(', ')}`);
  await page.setViewportSize(VIEWPORT);
  return page;
}

/** The real Electron. @param program its executable */
export async function electronHost(program: string): Promise<StoryHost> {
  const [bundle, uiFolder] = await Promise.all([bundleApp(), builtWindow()]);
  return {
    open: async (dataFolder, server, prepare) => {
      const app = await _electron.launch({
        executablePath: program,
        args: [bundle.main, '--data', dataFolder, '--ui', uiFolder, '--server', server],
      });
      const page = await app.firstWindow();
      await prepare(page);
      return { page, quit: () => app.close(), kill: () => app.close() };
    },
    close: async () => {
      bundle.remove();
      rmSync(uiFolder, { recursive: true });
    },
  };
}
