import type { Page } from 'playwright-core';
import type { DesktopApp } from '../electron-stand-in/launch.ts';

export interface Notice {
  readonly title: string;
  readonly body: string;
  /** Those of a browser's page have none. */
  readonly buttons: readonly string[];
}

/** The app's parts outside of its window, as the system shows them, and whether the user looks at the window. */
export interface Desk {
  /** All that were raised since the app started, the oldest first. */
  notices(): Promise<readonly Notice[]>;
  /** Clicks the newest one, or a button on it. */
  clickNotice(button?: string): Promise<void>;
  lookElsewhere(): Promise<void>;
  lookBack(): Promise<void>;
  /** Number of unread messages that the system shows outside of the window. */
  unread(): Promise<number>;
  /** Links that were opened, in another window than that of the app. */
  opened(): Promise<readonly string[]>;
}

declare global {
  var clickNotice: () => void;
}

/** Records the notifications of the page; the record outlives a reload of the page. */
const NOTED = 'stand-in notices';
const ALLOWED = 'stand-in allowed';
const ELSEWHERE = 'stand-in elsewhere';

/**
 * Before a page is loaded. Puts a stand-in for the browser's notifications into it: without a screen, the real ones are
 * never shown. Whatever is asked of other places than this computer is noted and answered with nothing.
 */
export async function deskOfPage(page: Page): Promise<Desk> {
  const opened: string[] = [];
  await page.addInitScript(standInForNotices, [NOTED, ALLOWED, ELSEWHERE] as const);
  await page.context().route(
    ({ hostname }) => hostname !== '127.0.0.1',
    async (route) => {
      opened.push(route.request().url());
      await route.fulfill({ body: '' });
    },
  );
  const look = async (elsewhere: boolean): Promise<void> => {
    await page.evaluate(
      ([key, away]) => {
        if (away) sessionStorage.setItem(key, 'yes');
        else sessionStorage.removeItem(key);
        window.dispatchEvent(new Event(away ? 'blur' : 'focus'));
      },
      [ELSEWHERE, elsewhere] as const,
    );
  };
  return {
    notices: () => page.evaluate((key) => JSON.parse(sessionStorage.getItem(key) ?? '[]') as readonly Notice[], NOTED),
    clickNotice: async (button) => {
      if (button !== undefined) throw new Error('a notification of a page has no buttons');
      await look(false);
      await page.evaluate(() => globalThis.clickNotice());
    },
    lookElsewhere: () => look(true),
    lookBack: () => look(false),
    unread: async () => Number(/^\((\d+)\) /.exec(await page.title())?.[1] ?? 0),
    opened: async () => opened,
  };
}

function standInForNotices([noted, allowed, elsewhere]: readonly [string, string, string]): void {
  let newest: EventTarget | undefined;
  const keep = (one: EventTarget): void => {
    newest = one;
  };
  class PageNotification extends EventTarget {
    static get permission(): string {
      return localStorage.getItem(allowed) ?? 'default';
    }
    // The user allows notifications.
    static async requestPermission(): Promise<string> {
      localStorage.setItem(allowed, 'granted');
      return PageNotification.permission;
    }
    constructor(title: string, { body, actions = [] }: { body: string; actions?: readonly { title: string }[] }) {
      super();
      const before = JSON.parse(sessionStorage.getItem(noted) ?? '[]') as Notice[];
      const buttons = actions.map((action) => action.title);
      sessionStorage.setItem(noted, JSON.stringify([...before, { title, body, buttons }]));
      keep(this);
    }
    close(): void {}
  }
  Object.defineProperty(globalThis, 'Notification', { value: PageNotification });
  globalThis.clickNotice = () => {
    if (newest === undefined) throw new Error('no notification since the page was loaded');
    newest.dispatchEvent(new Event('click'));
  };
  document.hasFocus = () => sessionStorage.getItem(elsewhere) === null;
}

interface ShownNotice {
  readonly title: string;
  readonly body: string;
  readonly actions?: readonly { readonly text: string }[];
}

/** Desk of the app on the stand-in for Electron. Its window is hidden while the user looks elsewhere. */
export function deskOfStandIn(app: DesktopApp): Desk {
  const notices = async (): Promise<readonly Notice[]> => {
    const shown = (await app.noted('notification.show')).map(([options]) => options as ShownNotice);
    return shown.map(({ title, body, actions = [] }) => ({ title, body, buttons: actions.map(({ text }) => text) }));
  };
  return {
    notices,
    clickNotice: async (button) => {
      const all = await notices();
      const newest = all.length - 1;
      if (button === undefined) {
        await app.ask('clickNotification', newest);
        return;
      }
      const place = all[newest]?.buttons.indexOf(button) ?? -1;
      if (place < 0) throw new Error(`no button ${button} on the newest notification`);
      await app.ask('clickNotificationAction', newest, place);
    },
    lookElsewhere: () => app.ask('closeWindow'),
    lookBack: () => app.ask('clickTray', 'Show Aside'),
    unread: async () => Number((await app.noted('app.setBadgeCount')).at(-1)?.[0] ?? 0),
    opened: async () => (await app.noted('shell.openExternal')).map(([url]) => String(url)),
  };
}
