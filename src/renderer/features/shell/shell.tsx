import { useEffect } from 'react';
import type { Overlay } from '../../store/overlay.ts';
import { screenOf } from '../../store/client.ts';
import { forgetForm } from '../../store/last-place.ts';
import { unreadTotal } from '../../store/unread.ts';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { ConversationPane } from '../conversation/conversation-pane.tsx';
import { DateDialog } from '../conversation/date-dialog.tsx';
import { DeleteMessageDialog } from '../conversation/delete-dialog.tsx';
import { LinkDialog } from '../conversation/link-dialog.tsx';
import { BlockDialog, Details, LookBackDialog } from '../details/details.tsx';
import { LockScreen } from '../lock/lock-screen.tsx';
import { ProtectingScreen } from '../lock/protecting-screen.tsx';
import { Palette } from '../palette/palette.tsx';
import { AskDialog } from '../private/ask-dialog.tsx';
import { SafetyNumberDialog } from '../private/safety-number.tsx';
import { SearchPanel } from '../search/search-panel.tsx';
import { SignOutDialog } from '../settings/account-page.tsx';
import { ForgetAccountDialog, SwitchAccountDialog } from '../settings/account-dialogs.tsx';
import { DeleteHistoryDialog } from '../settings/delete-history.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { StartScreen } from '../start/start-screen.tsx';
import { SignInAgain } from '../states/sign-in-again.tsx';
import { StateBar } from '../states/state-bar.tsx';
import { Part } from '../states/broken.tsx';
import { LoadingScreen, UntrustedScreen } from '../states/whole-window.tsx';
import { NothingChosen } from './nothing-chosen.tsx';
import { OnTop } from './toasts.tsx';
import { Side } from './side.tsx';
import { Sidebar } from './sidebar.tsx';
import { useAppearance } from './use-appearance.ts';
import { useConversations } from './use-conversations.ts';
import { useHomeForFocus } from './use-home-for-focus.ts';
import { useTypingAnywhere } from './use-typing-anywhere.ts';
import { useEveryScreenShortcuts, useShortcuts } from './use-shortcuts.ts';

/** The whole window. */
export function Shell() {
  const screen = useAppState(screenOf);
  const overlay = useAppState((state) => state.overlay);
  const actions = useActions();
  useEffect(() => {
    if (screen === 'main') forgetForm();
  }, [screen]);
  useAppearance();
  useShortcuts(screen === 'main');
  useEveryScreenShortcuts();
  useHomeForFocus(screen === 'main');
  useTypingAnywhere(screen === 'main');
  useTitle();
  return (
    // Container queries instead of media queries, because their `rem` grows with the text size.
    <div className="@container h-full">
      {screen === 'loading' ? <LoadingScreen /> : null}
      {screen === 'protecting' ? <ProtectingScreen /> : null}
      {screen === 'locked' ? <LockScreen /> : null}
      {screen === 'start' ? <StartScreen /> : null}
      {screen === 'untrusted' ? <UntrustedScreen /> : null}
      {screen === 'main' ? <Panes /> : null}
      {screen === 'main' && overlay !== undefined ? (
        <Part content={overlay} onClose={() => actions.overlay.close()}>
          <Over overlay={overlay} />
        </Part>
      ) : null}
      <OnTop />
    </div>
  );
}

/** Sidebar, conversation, and details or search; a narrow window shows one of them at a time. */
function Panes() {
  const conversations = useConversations();
  const chosen = useAppState((state) => state.chosen);
  const search = useAppState((state) => state.search);
  const detailsOpen = useAppState(({ hostState }) => hostState.preferences.detailsOpen);
  const conversation = conversations.find(({ id }) => id === chosen);
  const wide = search !== undefined || (detailsOpen && conversation !== undefined);
  const side =
    search !== undefined ? (
      <SearchPanel search={search} />
    ) : conversation === undefined ? null : (
      <Details conversation={conversation} />
    );
  return (
    <div
      className={`grid h-full grid-cols-1 ${conversation === undefined ? 'grid-rows-[minmax(0,1fr)]' : 'grid-rows-[auto_minmax(0,1fr)] @3xl:grid-rows-[minmax(0,1fr)]'} @3xl:grid-cols-[min(19rem,34vw)_minmax(0,1fr)] ${wide ? '@[68.75rem]:grid-cols-[min(19rem,27vw)_minmax(0,1fr)_min(18.5rem,26vw)]' : ''}`}
    >
      <div className="flex min-h-0 min-w-0 flex-col">
        {conversation === undefined ? (
          <div className="@3xl:hidden">
            <StateBar />
          </div>
        ) : null}
        <Part content={chosen}>
          <Sidebar behind={conversation !== undefined} />
        </Part>
      </div>
      {conversation === undefined ? (
        <NothingChosen />
      ) : (
        <Part content={conversation}>
          <ConversationPane conversation={conversation} />
        </Part>
      )}
      {side === null ? null : (
        <Side beside={wide} searching={search !== undefined}>
          <Part content={search ?? conversation}>{side}</Part>
        </Side>
      )}
    </div>
  );
}

function Over({ overlay }: { overlay: Overlay }) {
  switch (overlay.kind) {
    case 'palette':
      return <Palette />;
    case 'settings':
      return <SettingsDialog page={overlay.page} />;
    case 'look-back':
      return <LookBackDialog />;
    case 'sign-in-again':
      return <SignInAgain />;
    case 'sign-out':
      return <SignOutDialog />;
    case 'switch-account':
      return <SwitchAccountDialog account={overlay.account} />;
    case 'forget-account':
      return <ForgetAccountDialog account={overlay.account} />;
    case 'delete-history':
      return <DeleteHistoryDialog conversation={overlay.conversation} />;
    case 'go-to-date':
      return <DateDialog />;
    case 'block':
      return <BlockDialog username={overlay.username} />;
    case 'ask-aside':
      return <AskDialog username={overlay.username} />;
    case 'safety-number':
      return <SafetyNumberDialog username={overlay.username} />;
    case 'link':
      return <LinkDialog url={overlay.url} />;
    case 'delete-message':
      return <DeleteMessageDialog message={overlay.message} />;
  }
}

function useTitle(): void {
  const strings = useStrings();
  const unread = useAppState((state) => unreadTotal(state).count);
  useEffect(() => {
    document.title = unread === 0 ? strings.appName : `(${unread}) ${strings.appName}`;
  }, [unread, strings]);
}
