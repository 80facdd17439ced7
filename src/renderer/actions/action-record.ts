import type { Strings } from '../../shared/text/en.ts';
import type { Actions } from '../store/actions.ts';
import type { IconName } from '../ui/icons.tsx';
import type { Shortcut } from '../ui/shortcuts.ts';
import type { ActionState } from './action-state.ts';

export interface ActionContext {
  readonly actions: Actions;
  readonly strings: Strings;
  readonly state: ActionState;
}

/**
 * An action of the user. The palette, the context menus, the shortcuts and the keyboard page read this record.
 * @typeParam Subject what the action is about: a user, an account, a message; void if the window has only one
 */
export interface ActionRecord<Subject = void> {
  readonly id: string;
  readonly icon: IconName;
  label(strings: Strings, subject: Subject): string;
  readonly shortcut?: Shortcut;
  /** The text on the keyboard page, if it isn't the label. */
  shortcutLabel?(strings: Strings): string;
  /** The action deletes something. */
  readonly danger?: true;
  /** Absent: always possible. */
  when?(state: ActionState, subject: Subject): boolean;
  run(context: ActionContext, subject: Subject): void;
}

/** An action whose shortcut has a text of its own on the keyboard page. */
export type KeyActionRecord<Subject> = ActionRecord<Subject> &
  Required<Pick<ActionRecord<Subject>, 'shortcut' | 'shortcutLabel'>>;

/** Whether an action is possible now. */
export function isPossible<Subject>(action: ActionRecord<Subject>, state: ActionState, subject: Subject): boolean {
  return action.when?.(state, subject) ?? true;
}
