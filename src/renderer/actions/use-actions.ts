import { useCallback, useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useActions, useAppState, useReadState, useStrings } from '../ui/app-context.tsx';
import { type ActionContext, type ActionRecord, isPossible, type ShortcutAction } from './action-record.ts';
import { type ActionState, actionStateOf, actionStateParts } from './action-state.ts';
import { isPressed } from '../ui/shortcuts.ts';

export function useActionContext(): ActionContext {
  const actions = useActions();
  const strings = useStrings();
  return useMemo(() => ({ actions, strings }), [actions, strings]);
}

/** The action state; renders again when it changes. */
export function useActionState(): ActionState {
  const parts = useAppState(useShallow(actionStateParts));
  return useMemo(() => actionStateOf(parts), [parts]);
}

/** Gives a function that runs an action. */
export function useRunAction(): <Subject>(action: ActionRecord<Subject>, subject: Subject) => void {
  const context = useActionContext();
  return useCallback((action, subject) => action.run(context, subject), [context]);
}

/** Gives a function that tells whether an action is possible at the time of the call. */
export function useIsPossible(): <Subject>(action: ActionRecord<Subject>, subject: Subject) => boolean {
  const read = useReadState();
  return useCallback((action, subject) => isPossible(action, actionStateOf(actionStateParts(read())), subject), [read]);
}

type RunPressed = <Subject>(
  actions: readonly ShortcutAction<Subject>[],
  event: Parameters<typeof isPressed>[1],
  subject: Subject,
) => boolean;

/** Gives a function that runs the action whose shortcut was pressed. It returns whether there is one that is possible. */
export function useRunPressed(): RunPressed {
  const run = useRunAction();
  const possible = useIsPossible();
  return useCallback(
    (actions, event, subject) => {
      const action = actions.find(({ shortcut }) => isPressed(shortcut, event));
      if (action === undefined || !possible(action, subject)) return false;
      run(action, subject);
      return true;
    },
    [run, possible],
  );
}
