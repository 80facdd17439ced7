import { useId, useState } from 'react';
import { QUIET_LENGTHS, quietOf } from '../../../shared/client-api/quiet.ts';
import { askToNotify, canNotify } from '../../port/page-notifications.ts';
import { useActions, useAppState, useFormat, useNow, useStrings } from '../../ui/app-context.tsx';
import { Choice } from './choice.tsx';

const MINUTE_MS = 60_000;
const QUIET_CHOICES = ['off', ...QUIET_LENGTHS] as const;

export function NotificationsPage() {
  const { settings } = useStrings();
  const format = useFormat();
  const actions = useActions();
  const kind = useAppState(({ hostState }) => hostState.kind);
  const preferences = useAppState(({ hostState }) => hostState.preferences);
  const { notifications, startAtLogin = false } = preferences;
  const [refused, setRefused] = useState(false);
  // Unchecked while the browser refuses permission, whatever is stored: checking the box asks the browser.
  const allowed = kind === 'desktop' || canNotify();
  const now = useNow(MINUTE_MS);
  const quiet = quietOf(preferences, now);
  const quietHint = useId();

  const change = async (wanted: boolean) => {
    actions.preferences.change({ notifications: wanted });
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
          describedBy={quietHint}
          value={quiet?.for ?? 'off'}
          options={QUIET_CHOICES}
          names={settings.quietFor}
          onChoose={(chosen) => actions.preferences.setQuiet(chosen === 'off' ? undefined : chosen)}
        />
        <p id={quietHint} role="status" className="text-[0.82rem] text-ink-2 empty:-mt-2">
          {quiet === undefined ? null : settings.quietUntil(format.moment(quiet.until, now), settings.quietFor.off)}
        </p>
      </div>
      {kind === 'desktop' ? (
        <label className="flex items-center gap-3 font-semibold">
          <input
            type="checkbox"
            checked={startAtLogin}
            onChange={(event) => actions.preferences.change({ startAtLogin: event.target.checked })}
            className="size-4 accent-accent"
          />
          {settings.startAtLogin}
        </label>
      ) : null}
    </div>
  );
}
