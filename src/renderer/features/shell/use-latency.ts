import { useEffect, useState } from 'react';
import { useActions, useAppState } from '../../ui/app-context.tsx';

/** Interval of the measurement in milliseconds; none while the window is hidden. */
const EVERY_MS = 60_000;

/** The server's last response time, in milliseconds; undefined without a connection. */
export function useLatency(): number | undefined {
  const actions = useActions();
  const online = useAppState(({ view }) => view.connection.state === 'online');
  const [latency, setLatency] = useState<number>();
  useEffect(() => {
    if (!online) return;
    let wanted = true;
    const ask = async (): Promise<void> => {
      if (document.hidden) return;
      const outcome = await actions.client.run('session.measure', {});
      if (wanted) setLatency(outcome.ok ? outcome.result.milliseconds : undefined);
    };
    void ask();
    const timer = setInterval(() => void ask(), EVERY_MS);
    return () => {
      wanted = false;
      clearInterval(timer);
      setLatency(undefined);
    };
  }, [actions, online]);
  return latency;
}
