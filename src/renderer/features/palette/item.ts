import type { IconName } from '../../ui/icons.tsx';

/** One entry of the palette. */
export interface Item {
  readonly key: string;
  readonly group: 'conversations' | 'people' | 'commands';
  readonly text: string;
  /** Shown as an avatar; absent: the icon is shown. */
  readonly username?: string | undefined;
  readonly icon?: IconName | undefined;
  readonly online?: boolean;
  run(): void;
}
