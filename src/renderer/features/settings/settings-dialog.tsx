import { Tabs } from '@base-ui/react/tabs';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { SETTINGS_PAGES, type SettingsPage } from '../../store/overlay.ts';
import { useActions, useStrings } from '../../ui/app-context.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useResize } from '../../ui/use-resize.ts';
import { AboutPage } from './about-page.tsx';
import { AccountPage } from './account-page.tsx';
import { AppearancePage } from './appearance-page.tsx';
import { AsidePage } from './aside-page.tsx';
import { BlockedPage } from './blocked-page.tsx';
import { HistoryPage } from './history-page.tsx';
import { KeyboardPage } from './keyboard-page.tsx';
import { NotificationsPage } from './notifications-page.tsx';

const CONTENTS: { readonly [P in SettingsPage]: () => ReactNode } = {
  appearance: AppearancePage,
  notifications: NotificationsPage,
  aside: AsidePage,
  blocked: BlockedPage,
  history: HistoryPage,
  account: AccountPage,
  keyboard: KeyboardPage,
  about: AboutPage,
};

/** The settings: one tab a page. The tabs are next to the page, or above it in a narrow window. */
export function SettingsDialog({ page }: { page: SettingsPage }) {
  const strings = useStrings();
  const actions = useActions();
  const list = useRef<HTMLDivElement>(null);
  const [orientation, setOrientation] = useState<'vertical' | 'horizontal'>('vertical');
  // The arrow keys follow the layout, which the style sheet decides.
  useResize([list], () => {
    if (list.current === null) return;
    setOrientation(getComputedStyle(list.current).flexDirection === 'row' ? 'horizontal' : 'vertical');
  });
  // The tab list ignores a focus that comes before its tabs are registered, as that of a dialog does.
  const [registered, setRegistered] = useState(false);
  useEffect(() => {
    setRegistered(true);
    if (registered) list.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  }, [registered]);
  const Content = CONTENTS[page];
  return (
    <Dialog title={strings.settings.title} onClose={() => actions.overlay.close()} width="wide" fitted>
      <Tabs.Root
        value={page}
        onValueChange={(to: SettingsPage) => actions.overlay.show({ kind: 'settings', page: to })}
        orientation={orientation}
        className="grid h-[min(36rem,75dvh)] min-h-0 grid-rows-[auto_minmax(0,1fr)] overflow-hidden @2xl:grid-rows-[minmax(0,1fr)] @2xl:grid-cols-[11rem_1fr]"
      >
        <Tabs.List
          ref={list}
          activateOnFocus
          aria-label={strings.settings.title}
          className="flex gap-1 overflow-x-auto border-line px-3 pb-3 @2xl:flex-col @2xl:border-e"
        >
          {SETTINGS_PAGES.map((one) => (
            <Tabs.Tab
              key={one}
              value={one}
              {...(registered && one === page ? { 'data-focus': true } : {})}
              className="rounded-[0.6rem] px-3 py-2 text-start whitespace-nowrap hover:bg-hover focus-visible:-outline-offset-2 data-active:bg-accent-soft data-active:font-semibold"
            >
              {strings.settings.pages[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={page} className="relative overflow-y-auto px-5 pb-5 focus-visible:-outline-offset-2">
          <Content />
        </Tabs.Panel>
      </Tabs.Root>
    </Dialog>
  );
}
