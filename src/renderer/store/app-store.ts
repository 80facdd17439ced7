import { createStore, type StoreApi } from 'zustand/vanilla';
import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { HostEvent } from '../../shared/client-api/host.ts';
import { reduce } from '../../shared/client-api/reduce.ts';
import type { LinkState, Port } from '../port/client-port.ts';
import type { Strings } from '../../shared/text/en.ts';
import { Actions } from './actions.ts';
import { type AppState, initialState, staysInSight } from './app-state.ts';
import { applyToSearch } from './search-actions.ts';
import { optimisticMessagesAfter } from './optimistic-messages.ts';
import { besideAfter, endedPrivateSessionAfter } from './private-sessions.ts';
import { tellOf } from './tell.ts';
import { applyToNotes, applyToThreads } from './threads.ts';

export type AppStore = StoreApi<AppState>;

export interface App {
  readonly store: AppStore;
  readonly actions: Actions;
  /** Stops listening to the port. */
  stop(): void;
}

/** A tab that is closed may show the last alone; in the desktop's window the host no longer hears what is sent then. */
const LEAVING = ['beforeunload', 'pagehide'] as const;

/** When somebody begins to look at this window, or at another. */
const LOOKING = ['focus', 'blur'] as const;

/** Builds the projection of the client that a window shows, and starts to listen. */
export function createApp(port: Port, strings: Strings): App {
  const store = createStore<AppState>()(initialState);
  const actions = new Actions(store, port, strings);
  const unsubscribe = port.subscribe({
    event: (event) => received(store, actions, event),
    hostEvent: (event) => hostReceived(store, actions, event),
    link: (link) => linkChanged(store, actions, link),
  });
  const leaving = () => actions.writing.flush();
  for (const sign of LEAVING) globalThis.addEventListener(sign, leaving);
  const looked = () => actions.tellLook();
  for (const sign of LOOKING) globalThis.addEventListener(sign, looked);
  const went = () => actions.wentTo();
  globalThis.addEventListener('popstate', went);
  const unfollow = store.subscribe(looked);
  const stop = () => {
    unfollow();
    globalThis.removeEventListener('popstate', went);
    for (const sign of LOOKING) globalThis.removeEventListener(sign, looked);
    for (const sign of LEAVING) globalThis.removeEventListener(sign, leaving);
    unsubscribe();
  };
  void actions.reload();
  return { store, actions, stop };
}

function received(store: AppStore, actions: Actions, event: NumberedEvent): void {
  const before = store.getState();
  // Before the first snapshot nothing is known that an event could change; what is newer than it follows it.
  if (before.phase === 'loading' || event.seq <= before.view.seq) return;
  const view = reduce(before.view, event);
  store.setState({
    view,
    besideAside: besideAfter(before, view),
    endedPrivateSession: endedPrivateSessionAfter(before, view, event),
    threads: applyToThreads(before.threads, event),
    optimisticMessages: optimisticMessagesAfter(before.optimisticMessages, event),
    notes: applyToNotes(before.notes, event),
    search: applyToSearch(before.search, event),
    sessionSeen: staysInSight(before.sessionSeen, view),
  });
  tellOf(event, store.getState(), actions);
}

function hostReceived(store: AppStore, actions: Actions, event: HostEvent): void {
  switch (event.name) {
    case 'host.replaced':
      void actions.reload();
      return;
    case 'host.locking':
      // In order: what was typed first.
      void actions.host('host.handedOver', {});
      return;
    case 'host.protecting': {
      const { protecting } = event;
      store.setState(({ hostState }) => ({ hostState: { ...hostState, protecting } }));
      return;
    }
    case 'host.draftsUnsaved':
      actions.draftsUnsaved(event.unsaved);
      return;
    case 'host.preferencesChanged': {
      const { preferences } = event;
      store.setState(({ hostState }) => ({ hostState: { ...hostState, preferences } }));
      return;
    }
    case 'host.draftChanged':
      actions.writing.draftChanged(event);
      return;
    case 'host.conversationChosen':
      actions.choose(event.conversation);
      return;
  }
}

function linkChanged(store: AppStore, actions: Actions, link: LinkState): void {
  store.setState({ link });
  if (link === 'connected') void actions.reload();
}
