import { conversationWith } from '../../../shared/client-api/conversation-id.ts';
import { useId } from 'react';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';

const RULES = ['everybody', 'direct', 'relayed'] as const;
type Rule = (typeof RULES)[number];

/** Chooses whether this user may get the address of this computer; the default is the rule for all users (F2). */
export function AddressRuleCard({ username }: { username: string }) {
  const strings = useStrings();
  const actions = useActions();
  const name = useId();
  const everybody = useAppState(({ view }) => view.addressRule.reveal);
  const own = useAppState(({ view }) => view.addressRule.people[conversationWith(username).slice(1)]);
  const current: Rule = own === undefined ? 'everybody' : own ? 'direct' : 'relayed';
  const choose = (rule: Rule) =>
    void actions.client.attempt('private.revealAddress', {
      username,
      ...(rule === 'everybody' ? {} : { reveal: rule === 'direct' }),
    });
  return (
    <fieldset className="card">
      <legend className="float-start mb-2 w-full text-[0.78rem] font-semibold text-ink-2">
        {strings.aside.ruleTitle}
      </legend>
      <div className="clear-both grid gap-1.5">
        {RULES.map((rule) => (
          <label key={rule} className="flex items-start gap-2 text-[0.82rem]">
            <input
              type="radio"
              name={name}
              checked={rule === current}
              onChange={() => choose(rule)}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            {rule === 'everybody'
              ? strings.aside.ruleEverybody(everybody ? strings.aside.ruleDirect : strings.aside.ruleRelayed)
              : rule === 'direct'
                ? strings.aside.ruleDirect
                : strings.aside.ruleRelayed}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
