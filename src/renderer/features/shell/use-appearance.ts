import { useEffect } from 'react';
import { useAppState } from '../../ui/app-context.tsx';

/** Applies theme and text size to the page; the theme `system` follows the system while the window is open. */
export function useAppearance(): void {
  const theme = useAppState(({ hostState }) => hostState.preferences.theme);
  const textSize = useAppState(({ hostState }) => hostState.preferences.textSize);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const paint = () => {
      document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    };
    paint();
    dark.addEventListener('change', paint);
    return () => dark.removeEventListener('change', paint);
  }, [theme]);
  useEffect(() => {
    document.documentElement.dataset.textSize = textSize;
  }, [textSize]);
}
