import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useActions } from '../../ui/app-context.tsx';

/** Without a key for so long, one is no longer writing. */
const PAUSE_MS = 5_000;

/** Tells the other person that one is writing to them, and that one has stopped. */
export function useTyping(
  username: string | undefined,
  command: 'typing.set' | 'private.typing' = 'typing.set',
): { typed(something: boolean): void; stop(): void } {
  const actions = useActions();
  const writing = useRef(false);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);

  const tell = useCallback(
    (typing: boolean) => {
      if (username === undefined || writing.current === typing) return;
      writing.current = typing;
      if (command === 'typing.set') void actions.run(command, { to: username, typing });
      else void actions.run(command, { username, typing });
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
