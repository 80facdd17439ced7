import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Actions } from '../store/actions.ts';
import type { WindowModel } from '../store/window-store.ts';
import type { WindowState } from '../store/window-state.ts';
import type { Failure } from '../../shared/client-api/failure.ts';
import { failureText } from '../../shared/text/failure-text.ts';
import type { Strings } from '../../shared/text/en.ts';
import type { Format } from '../../shared/text/format.ts';

export interface AppContext extends WindowModel {
  readonly strings: Strings;
  readonly format: Format;
}

const Context = createContext<AppContext | undefined>(undefined);

export function AppProvider({ value, children }: { value: AppContext; children: ReactNode }) {
  return <Context value={value}>{children}</Context>;
}

function useApp(): AppContext {
  const app = useContext(Context);
  if (app === undefined) throw new Error('outside of AppProvider');
  return app;
}

/** A part of the state; renders again when this part changes. */
export function useAppState<T>(select: (state: WindowState) => T): T {
  return useStore(useApp().store, select);
}

/** Gives a function that reads the state when it is called; changes render nothing. */
export function useReadState(): () => WindowState {
  return useApp().store.getState;
}

export function useActions(): Actions {
  return useApp().actions;
}

export function useStrings(): Strings {
  return useApp().strings;
}

/** Gives the sentence for a failure. */
export function useFailureText(): (failure: Failure) => string {
  const strings = useStrings();
  return useCallback((failure) => failureText(strings, failure), [strings]);
}

export function useFormat(): Format {
  return useApp().format;
}

/** The time of the server, which messages and presence have (D10), updated at an interval. @param everyMs milliseconds */
export function useServerNow(everyMs: number): number {
  const offset = useAppState(({ view }) => view.clockOffset);
  return useNow(everyMs) + offset;
}

/** The time of this computer, updated at an interval while `running`. @param everyMs milliseconds */
export function useNow(everyMs: number, running = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, running]);
  return now;
}
