import { createStore, type StoreApi } from 'zustand/vanilla';
import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { HostEvent } from '../../shared/client-api/host.ts';
import type { Strings } from '../../shared/text/en.ts';
import type { LinkState, Port } from '../port/client-port.ts';
import { type Actions, createActions } from './actions.ts';
import { isSameAccount } from './client.ts';
import { unreadOf } from './conversations.ts';
import { reactToEvent } from './event-reactions.ts';
import { isUncovered } from './private-sessions.ts';
import { initialState, stateAfterEvent, stateAfterReload, type WindowState } from './window-state.ts';

type WindowStore = StoreApi<WindowState>;

export interface WindowModel {
  readonly store: WindowStore;
  readonly actions: Actions;
  /** Reads the whole state again. */
  reload(): Promise<void>;
  /** Stops listening to the port. */
  stop(): void;
}

/** A closing browser tab may raise only the last; when the desktop's window raises that, its host no longer listens. */
const CLOSING_EVENTS = ['beforeunload', 'pagehide'] as const;

const FOCUS_EVENTS = ['focus', 'blur'] as const;

/** Creates the store of a window and its actions, and starts to listen to the port. */
export function createWindowModel(port: Port, strings: Strings): WindowModel {
  const store = createStore<WindowState>()(initialState);
  const actions = createActions(store, port, strings);
  const reload = () => reloadState(store, actions, port);
  const unsubscribe = port.subscribe({
    event: (event) => handleEvent(store, actions, event),
    hostEvent: (event) => handleHostEvent(store, actions, event, () => void reload()),
    link: (link) => handleLink(store, link, () => void reload()),
  });
  const closing = () => actions.drafts.flush();
  for (const name of CLOSING_EVENTS) globalThis.addEventListener(name, closing);
  const publishFocus = () => actions.notifications.publishFocus();
  for (const name of FOCUS_EVENTS) globalThis.addEventListener(name, publishFocus);
  const followHistory = () => actions.navigation.followHistory();
  globalThis.addEventListener('popstate', followHistory);
  const unfollow = store.subscribe((state, before) => {
    publishFocus();
    // A closed dialog shows what has arrived behind it.
    if (isUncovered(state) && !isUncovered(before)) actions.navigation.markVisibleRead();
  });
  const stop = () => {
    unfollow();
    globalThis.removeEventListener('popstate', followHistory);
    for (const name of FOCUS_EVENTS) globalThis.removeEventListener(name, publishFocus);
    for (const name of CLOSING_EVENTS) globalThis.removeEventListener(name, closing);
    unsubscribe();
  };
  void reload();
  return { store, actions, reload, stop };
}

/** Reads the whole state: at the start, after a lost link, and when the host has another client. */
async function reloadState(store: WindowStore, actions: Actions, port: Port): Promise<void> {
  const snapshot = await port.read();
  const before = store.getState();
  store.setState(stateAfterReload(before, snapshot));
  const unsaved = actions.drafts.unsaved();
  actions.drafts.flush();
  actions.sending.resume();
  store.setState((state) => ({ drafts: { ...state.drafts, ...unsaved } }));
  actions.unread.publish();
  actions.clockWarning.check(snapshot);
  if (isSameAccount(before, snapshot) && before.chosen !== undefined)
    await actions.threads.open(before.chosen, unreadOf(snapshot.view, before.chosen));
  else if (before.phase === 'loading' || before.hostState.lock === 'locked') actions.navigation.restore();
}

function handleEvent(store: WindowStore, actions: Actions, event: NumberedEvent): void {
  const before = store.getState();
  // Events before the first snapshot are part of it; later ones have a higher number.
  if (before.phase === 'loading' || event.seq <= before.view.seq) return;
  store.setState(stateAfterEvent(before, event));
  reactToEvent(event, store.getState(), actions);
}

function handleHostEvent(store: WindowStore, actions: Actions, event: HostEvent, reload: () => void): void {
  switch (event.name) {
    case 'host.replaced':
      reload();
      return;
    case 'host.locking':
      // The host answers commands in order, so that it has the drafts before this one.
      void actions.host.run('host.handedOver', {});
      return;
    case 'host.protecting': {
      const { protecting } = event;
      store.setState(({ hostState }) => ({ hostState: { ...hostState, protecting } }));
      return;
    }
    case 'host.draftsUnsaved':
      actions.drafts.setUnsaved(event.unsaved);
      return;
    case 'host.preferencesChanged': {
      const { preferences } = event;
      store.setState(({ hostState }) => ({ hostState: { ...hostState, preferences } }));
      return;
    }
    case 'host.draftChanged':
      actions.drafts.changed(event);
      return;
    case 'host.conversationChosen':
      actions.navigation.choose(event.conversation);
      return;
  }
}

function handleLink(store: WindowStore, link: LinkState, reload: () => void): void {
  store.setState({ link });
  if (link === 'connected') reload();
}
