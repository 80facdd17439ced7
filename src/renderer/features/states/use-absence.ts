import { useAppState, useStrings } from '../../ui/app-context.tsx';

/** In short, why nobody's presence is known just now; undefined where it is. */
export function useAbsence(): string | undefined {
  const { state } = useStrings();
  const connection = useAppState(({ view }) => view.connection.state);
  if (connection === 'online') return undefined;
  return connection === 'signed-out' || connection === 'idle' ? state.signedOutShort : state.connectionGone;
}
