import type { Strings } from '../../shared/text/en.ts';
import type { Actions } from '../store/actions.ts';
import type { IconName } from '../ui/icons.tsx';
import type { Shortcut } from '../ui/shortcuts.ts';
import type { ActionState } from './action-state.ts';

export interface ActionContext {
  readonly actions: Actions;
  readonly strings: Strings;
}

/**
 * An action of the user. The palette, menus, buttons, shortcuts and the keyboard page are made from these records.
 * @typeParam Subject what the action is about: a user, an account, a message; void if the window has only one
 */
export interface ActionRecord<Subject = void> {
  readonly id: string;
  /** Shown in the palette, in menus and on buttons. */
  readonly icon?: IconName;
  label(strings: Strings, subject: Subject): string;
  readonly shortcut?: Shortcut;
  /** The text on the keyboard page, if it isn't the label. */
  shortcutLabel?(strings: Strings): string;
  /** The shortcut works on every screen and over every dialog. */
  readonly onEveryScreen?: true;
  /** The action deletes something. */
  readonly danger?: true;
  /** Absent: always possible. */
  when?(state: ActionState, subject: Subject): boolean;
  run(context: ActionContext, subject: Subject): void;
}

/** An action with a shortcut; the keyboard page shows its label, so the label names no subject. */
export interface ShortcutAction<Subject = void> extends ActionRecord<Subject> {
  label(strings: Strings): string;
  readonly shortcut: Shortcut;
}

/** Whether an action is possible now. */
export function isPossible<Subject>(action: ActionRecord<Subject>, state: ActionState, subject: Subject): boolean {
  return action.when?.(state, subject) ?? true;
}

export function hasShortcut<Subject>(action: ActionRecord<Subject>): action is ShortcutAction<Subject> {
  return action.shortcut !== undefined;
}
