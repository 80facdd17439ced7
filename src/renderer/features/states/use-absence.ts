import { useAppState, useStrings } from '../../ui/app-context.tsx';

/** Short text for why the presence of other users isn't known; undefined if it is. */
export function useAbsence(): string | undefined {
  const { state } = useStrings();
  const connection = useAppState(({ view }) => view.connection.state);
  if (connection === 'online') return undefined;
  return connection === 'signed-out' || connection === 'idle' ? state.signedOutShort : state.connectionGone;
}
