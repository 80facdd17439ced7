import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Choice } from './choice.tsx';

const THEMES = ['system', 'light', 'dark'] as const;
const TEXT_SIZES = ['small', 'normal', 'large', 'largest'] as const;

export function AppearancePage() {
  const { settings } = useStrings();
  const actions = useActions();
  const { theme, textSize } = useAppState(({ hostState }) => hostState.preferences);
  return (
    <div className="grid gap-6">
      <Choice
        legend={settings.theme}
        value={theme}
        options={THEMES}
        names={settings.themes}
        onChoose={(chosen) => actions.preferences.change({ theme: chosen })}
      />
      <Choice
        legend={settings.textSize}
        value={textSize}
        options={TEXT_SIZES}
        names={settings.textSizes}
        onChoose={(chosen) => actions.preferences.change({ textSize: chosen })}
      />
    </div>
  );
}
