import type { IconName } from '../../ui/icons.tsx';

/** One thing that can be chosen in the palette. */
export interface Item {
  readonly key: string;
  readonly group: 'conversations' | 'people' | 'commands';
  readonly text: string;
  /** Absent: an icon is shown instead of somebody's avatar. */
  readonly username?: string | undefined;
  readonly icon?: IconName;
  readonly online?: boolean;
  run(): void;
}
