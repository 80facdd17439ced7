import { useRef } from 'react';
import { useRunAction } from '../../actions/use-actions.ts';
import { acceptHiddenPrivateSession, acceptPrivateSession, declinePrivateSession } from '../../actions/user-actions.ts';
import { mayReveal } from '../../../shared/client-api/may-reveal.ts';
import type { PrivateConversation } from '../../../shared/client-api/private-view.ts';
import { useAppState, useFormat, useNow, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { placeToGoOn, useKeptFocus } from '../../ui/kept-focus.ts';
import { Icon } from '../../ui/icons.tsx';
import { Part } from '../states/broken.tsx';

/** Requests to talk aside, above the list (F1). */
export function Requests() {
  const strings = useStrings();
  const aside = useAppState(({ view }) => view.privateSessions);
  const asked = aside.filter(({ state }) => state.state === 'asked');
  const list = useRef<HTMLUListElement>(null);
  // After an answer, focus the next request, else the composer.
  const focus = useKeptFocus(() => list.current?.querySelector('button') ?? placeToGoOn());
  if (asked.length === 0) return null;
  return (
    <ul
      ref={list}
      aria-label={strings.aside.requests}
      className="grid max-h-[45dvh] grid-cols-[minmax(0,1fr)] gap-2 overflow-y-auto px-3 pb-2.5 @max-3xl:pt-2.5"
      {...focus}
    >
      {asked.map((talk) => (
        <Part key={talk.sid} content={talk}>
          <RequestCard talk={talk} />
        </Part>
      ))}
    </ul>
  );
}

interface RequestFactsProps {
  readonly username: string;
  readonly state: Extract<PrivateConversation['state'], { state: 'asked' }>;
  /** Both sides show their address. */
  readonly direct: boolean;
}

/** The data that each side learns of the other by an acceptance (F9). A changed identity is a warning of its own. */
function RequestFacts({ username, state, direct }: RequestFactsProps) {
  const { aside } = useStrings();
  const address = direct
    ? aside.addressShown(username)
    : state.peerHidesAddress === true
      ? aside.addressHiddenThere(username)
      : aside.addressHiddenHere;
  return (
    <div className="mt-1.5 grid gap-1 text-[0.75rem] [overflow-wrap:anywhere] text-white/90">
      <p>{address}</p>
      {state.trust === 'changed' ? null : <p>{aside.trust[state.trust]}</p>}
    </div>
  );
}

const ANSWER = 'min-h-9 rounded-[0.6rem] border px-3 py-1.5 text-[0.82rem] font-semibold focus-visible:outline-white';

function RequestCard({ talk: { username, state } }: { talk: PrivateConversation }) {
  const strings = useStrings();
  const format = useFormat();
  const run = useRunAction();
  const now = useNow(1_000);
  const reveals = useAppState(({ view }) => mayReveal(view.addressRule, username));
  if (state.state !== 'asked') return null;
  const direct = reveals && state.peerHidesAddress !== true;
  return (
    <li className="rounded-2xl border border-transparent bg-linear-160 from-private to-private-2 p-3.5 text-white shadow-soft">
      <div className="flex items-center gap-2 font-semibold">
        <Avatar name={username} size="small" />
        <span className="min-w-0 truncate">{username}</span>
        <span role="timer" aria-live="off" className="ms-auto shrink-0 font-mono text-[0.75rem]">
          {format.clock(state.expiresAt - now)}
        </span>
      </div>
      <p className="mt-1.5 text-[0.82rem]">{strings.aside.request}</p>
      {state.note === undefined ? null : (
        <p dir="auto" className="mt-1.5 rounded-lg bg-black/20 px-2 py-1 text-[0.82rem] [overflow-wrap:anywhere]">
          {state.note}
        </p>
      )}
      <RequestFacts username={username} state={state} direct={direct} />
      {state.trust === 'changed' ? (
        <p className="mt-1.5 flex gap-1.5 rounded-lg bg-[#ffe1de] p-2 text-[0.82rem] font-semibold text-[#8c1d18]">
          <Icon name="warning" className="mt-0.5" />
          {strings.aside.trust.changed}
        </p>
      ) : null}
      <div className="mt-2.5 flex flex-wrap gap-2">
        <button
          type="button"
          onClick={() => run(acceptPrivateSession, username)}
          className={`${ANSWER} border-transparent bg-white text-[#3a1b48]`}
        >
          {strings.aside.accept}
        </button>
        <button
          type="button"
          onClick={() => run(declinePrivateSession, username)}
          className={`${ANSWER} border-white/40 text-white hover:bg-white/10`}
        >
          {strings.aside.decline}
        </button>
        {direct ? (
          <button
            type="button"
            onClick={() => run(acceptHiddenPrivateSession, username)}
            className={`${ANSWER} border-white/40 text-white hover:bg-white/10`}
          >
            {strings.aside.acceptHidden}
          </button>
        ) : null}
      </div>
    </li>
  );
}
