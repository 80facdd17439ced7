import { useState } from 'react';
import { askToNotify, canNotify } from '../../port/page-notifications.ts';
import { useActions, useAppState, useFormat, useNow, useStrings } from '../../ui/app-context.tsx';
import { Choice } from './choice.tsx';

const HOUR_MS = 3_600_000;
const QUIET = { off: 0, hour: HOUR_MS, evening: 8 * HOUR_MS } as const;
type Quiet = keyof typeof QUIET;
const QUIET_NAMES = Object.keys(QUIET) as Quiet[];

export function NotificationsPage() {
  const { settings } = useStrings();
  const format = useFormat();
  const actions = useActions();
  const kind = useAppState(({ facts }) => facts.kind);
  const { notifications, quietUntil = 0, startAtLogin = false } = useAppState(({ facts }) => facts.preferences);
  const [refused, setRefused] = useState(false);
  // What the browser does not allow is not on, whatever was wanted: ticking the box is what makes it ask.
  const allowed = kind === 'desktop' || canNotify();
  const now = useNow(HOUR_MS / 60);
  const quiet = quietUntil > now;

  const change = async (wanted: boolean) => {
    actions.setPreferences({ notifications: wanted });
    if (wanted && kind === 'browser') setRefused(!(await askToNotify()));
  };

  return (
    <div className="grid gap-6">
      <div className="grid gap-1">
        <label className="flex items-center gap-3 font-semibold">
          <input
            type="checkbox"
            checked={notifications && allowed}
            onChange={(event) => void change(event.target.checked)}
            className="size-4 accent-accent"
          />
          {settings.notify}
        </label>
        <p className="ms-7 text-[0.82rem] text-ink-2">{refused ? settings.notifyRefused : settings.notifyHint}</p>
      </div>
      <div className="grid gap-2">
        <Choice
          legend={settings.quiet}
          value={quiet ? undefined : 'off'}
          options={QUIET_NAMES}
          names={settings.quietFor}
          onChoose={(chosen) => actions.setQuiet(chosen === 'off' ? undefined : Date.now() + QUIET[chosen])}
        />
        {quiet ? (
          <p className="text-[0.82rem] text-ink-2">{settings.quietUntil(format.moment(quietUntil, now))}</p>
        ) : null}
      </div>
      {kind === 'desktop' ? (
        <label className="flex items-center gap-3 font-semibold">
          <input
            type="checkbox"
            checked={startAtLogin}
            onChange={(event) => actions.setPreferences({ startAtLogin: event.target.checked })}
            className="size-4 accent-accent"
          />
          {settings.startAtLogin}
        </label>
      ) : null}
    </div>
  );
}
