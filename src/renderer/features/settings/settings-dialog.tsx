import type { KeyboardEvent, ReactNode } from 'react';
import { SETTINGS_PAGES, type SettingsPage } from '../../store/overlay.ts';
import { useActions, useStrings } from '../../ui/app-context.tsx';
import { Dialog } from '../../ui/dialog.tsx';
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

/** Settings as pages behind tabs. */
export function SettingsDialog({ page }: { page: SettingsPage }) {
  const strings = useStrings();
  const actions = useActions();
  const Content = CONTENTS[page];
  const show = (to: SettingsPage) => actions.overlay.show({ kind: 'settings', page: to });
  const pressed = (event: KeyboardEvent<HTMLElement>) => {
    const step =
      event.key === 'ArrowDown' || event.key === 'ArrowRight'
        ? 1
        : event.key === 'ArrowUp' || event.key === 'ArrowLeft'
          ? -1
          : 0;
    const next = SETTINGS_PAGES[(SETTINGS_PAGES.indexOf(page) + step + SETTINGS_PAGES.length) % SETTINGS_PAGES.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    show(next);
    const list = event.currentTarget;
    requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-selected=true]')?.focus());
  };
  return (
    <Dialog title={strings.settings.title} onClose={() => actions.overlay.close()} width="wide" fitted>
      <div className="grid h-[min(36rem,75dvh)] min-h-0 grid-rows-[auto_minmax(0,1fr)] overflow-hidden @2xl:grid-rows-[minmax(0,1fr)] @2xl:grid-cols-[11rem_1fr]">
        <div
          role="tablist"
          aria-label={strings.settings.title}
          aria-orientation="vertical"
          onKeyDown={pressed}
          className="flex gap-1 overflow-x-auto border-line px-3 pb-3 @2xl:flex-col @2xl:border-e"
        >
          {SETTINGS_PAGES.map((one) => (
            <button
              key={one}
              id={`settings-tab-${one}`}
              type="button"
              role="tab"
              aria-selected={one === page}
              aria-controls="settings-panel"
              tabIndex={one === page ? 0 : -1}
              {...(one === page ? { 'data-focus': true } : {})}
              onClick={() => show(one)}
              className={`rounded-[0.6rem] px-3 py-2 text-start whitespace-nowrap focus-visible:-outline-offset-2 ${one === page ? 'bg-accent-soft font-semibold' : 'hover:bg-hover'}`}
            >
              {strings.settings.pages[one]}
            </button>
          ))}
        </div>
        <div
          id="settings-panel"
          role="tabpanel"
          tabIndex={0}
          aria-labelledby={`settings-tab-${page}`}
          className="relative overflow-y-auto px-5 pb-5 focus-visible:-outline-offset-2"
        >
          <Content />
        </div>
      </div>
    </Dialog>
  );
}
