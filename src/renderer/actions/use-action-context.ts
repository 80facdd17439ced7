import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useActions, useAppState, useStrings } from '../ui/app-context.tsx';
import type { ActionContext } from './action-record.ts';
import { actionStateOf, actionStateParts } from './action-state.ts';

/** What actions need to run; the same object while nothing of it changes. */
export function useActionContext(): ActionContext {
  const actions = useActions();
  const strings = useStrings();
  const parts = useAppState(useShallow(actionStateParts));
  return useMemo(() => ({ actions, strings, state: actionStateOf(parts) }), [actions, strings, parts]);
}
