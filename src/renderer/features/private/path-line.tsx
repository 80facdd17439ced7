import { useEffect } from 'react';
import type { PrivatePath, PrivateConversation } from '../../../shared/client-api/private-view.ts';
import type { Strings } from '../../../shared/text/en.ts';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';

/** The path of private messages and the trust in the other user's identity. */
export function PathLine({ talk: { username, state } }: { talk: PrivateConversation }) {
  const strings = useStrings();
  const actions = useActions();
  const ownName = useAppState(({ view }) => view.username ?? strings.you);
  useEffect(() => {
    actions.announcer.announce(strings.aside.label(username));
  }, [actions, strings, username]);
  if (state.state !== 'open') return null;
  const { path, trust } = state;
  const node = 'max-w-full min-w-0 truncate rounded-full border border-line bg-panel px-3 py-0.5';
  return (
    <div className="mb-4 grid grid-cols-[minmax(0,1fr)] justify-items-center gap-3 text-[0.75rem] text-ink-2">
      <p className="flex max-w-full flex-wrap items-center justify-center gap-2">
        <span className={node}>
          <bdi>{ownName}</bdi>
        </span>
        <span aria-hidden="true" className="h-0.5 w-8 bg-private-2 @2xl:w-16" />
        <span className="min-w-0">
          {path.kind === 'relayed' ? null : (
            <>
              <bdi dir="ltr" className="[overflow-wrap:anywhere]">
                {path.address}
              </bdi>{' '}
            </>
          )}
          {pathWords(path, strings)}
        </span>
        <span aria-hidden="true" className="h-0.5 w-8 bg-private-2 @2xl:w-16" />
        <span className={node}>
          <bdi>{username}</bdi>
        </span>
      </p>
      <p className="rounded-2xl border border-line bg-panel px-3 py-1 text-center">
        {strings.aside.trust[trust]}{' '}
        {trust === 'verified' ? null : (
          <button
            type="button"
            onClick={() => actions.overlay.show({ kind: 'safety-number', username })}
            className="rounded font-semibold text-ink underline underline-offset-2"
          >
            {strings.aside.compare}
          </button>
        )}
      </p>
    </div>
  );
}

/** The path of private messages in a few words (F4). */
export function pathWords(path: PrivatePath, strings: Strings): string {
  switch (path.kind) {
    case 'direct':
    case 'direct-lan':
      return strings.aside.direct;
    case 'relayed':
      return strings.aside.relayed;
  }
}
