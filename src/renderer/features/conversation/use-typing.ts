import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useActions } from '../../ui/app-context.tsx';

/** After this pause without a key, the user isn't typing any more; milliseconds. */
const PAUSE_MS = 5_000;
/** Interval of repeated typing signals in milliseconds: the other client forgets one after 8 s. */
const RENEW_MS = 3_000;

/** Sends typing signals to the other user. */
export function useTyping(
  username: string | undefined,
  command: 'typing.set' | 'private.typing' = 'typing.set',
): { typed(something: boolean): void; stop(): void } {
  const actions = useActions();
  const writing = useRef(false);
  const toldAt = useRef(0);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);

  const tell = useCallback(
    (typing: boolean) => {
      const now = performance.now();
      const renewed = typing && now - toldAt.current >= RENEW_MS;
      if (username === undefined || (writing.current === typing && !renewed)) return;
      writing.current = typing;
      toldAt.current = now;
      if (command === 'typing.set') void actions.client.run(command, { to: username, typing });
      else void actions.client.run(command, { username, typing });
    },
    [actions, command, username],
  );

  useEffect(
    () => () => {
      clearTimeout(pause.current);
      tell(false);
    },
    [tell],
  );

  return useMemo(
    () => ({
      typed: (something) => {
        clearTimeout(pause.current);
        tell(something);
        if (something) pause.current = setTimeout(() => tell(false), PAUSE_MS);
      },
      stop: () => {
        clearTimeout(pause.current);
        tell(false);
      },
    }),
    [tell],
  );
}
