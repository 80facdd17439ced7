import { type ActionContext, type ActionRecord, isPossible } from '../../actions/action-record.ts';
import type { ActionState } from '../../actions/action-state.ts';
import { PRIVATE_SESSION_ACTIONS, switchAccount, USER_ACTIONS } from '../../actions/user-actions.ts';
import { ACCOUNT_ACTIONS, WINDOW_ACTIONS } from '../../actions/window-actions.ts';
import type { Item } from './item.ts';
import type { Subjects } from './use-subjects.ts';

/** Most actions about users who aren't in the open conversation; more letters find the others. */
const USER_ACTIONS_SHOWN = 5;

/** The possible actions that match the typed text: first those about the user of the open conversation. */
export function commandItems(
  { partner, people, otherAccounts }: Subjects,
  state: ActionState,
  context: ActionContext,
  matches: (item: Item) => boolean,
): readonly Item[] {
  const itemsOf = <Subject>(actions: readonly ActionRecord<Subject>[], subject: Subject): readonly Item[] =>
    actions
      .filter((action) => isPossible(action, state, subject))
      .map((action) => itemOf(action, subject, context))
      .filter(matches);
  const users = new Set([...state.privateSessions.keys(), ...people.map(({ username }) => username)]);
  if (partner !== undefined) users.delete(partner);
  return [
    ...(partner === undefined ? [] : itemsOf(USER_ACTIONS, partner)),
    ...itemsOf(WINDOW_ACTIONS, undefined),
    ...otherAccounts.flatMap((account) => itemsOf([switchAccount], account)),
    ...itemsOf(ACCOUNT_ACTIONS, undefined),
    ...[...users].flatMap((username) => itemsOf(PRIVATE_SESSION_ACTIONS, username)).slice(0, USER_ACTIONS_SHOWN),
  ];
}

/** The palette's entry for an action. The palette closes first, because the action may open another dialog. */
export function itemOf<Subject>(action: ActionRecord<Subject>, subject: Subject, context: ActionContext): Item {
  const text = action.label(context.strings, subject);
  const run = () => {
    context.actions.overlay.close();
    action.run(context, subject);
  };
  return { key: `${action.id} ${text}`, group: 'commands', text, icon: action.icon, run };
}
