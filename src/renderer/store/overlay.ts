import type { RememberedAccount } from '../../shared/client-api/host.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import type { SliceStore } from './slice-store.ts';

/** The dialog over the main screen; one at a time. */
export type Overlay =
  | { readonly kind: 'palette' }
  | { readonly kind: 'settings'; readonly page: SettingsPage }
  | { readonly kind: 'look-back' }
  | { readonly kind: 'sign-in-again' }
  | { readonly kind: 'sign-out' }
  /** Without an account: an account that isn't remembered. */
  | { readonly kind: 'switch-account'; readonly account?: RememberedAccount | undefined }
  | { readonly kind: 'forget-account'; readonly account: RememberedAccount }
  /** Without a conversation: all conversations. */
  | { readonly kind: 'delete-history'; readonly conversation?: string | undefined }
  | { readonly kind: 'go-to-date' }
  | { readonly kind: 'block'; readonly username: string }
  | { readonly kind: 'ask-aside'; readonly username: string }
  | { readonly kind: 'safety-number'; readonly username: string }
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'delete-message'; readonly message: Message };

export const SETTINGS_PAGES = [
  'appearance',
  'notifications',
  'aside',
  'blocked',
  'history',
  'account',
  'keyboard',
  'about',
] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

export interface OverlayState {
  readonly overlay: Overlay | undefined;
  /** In a narrow window the side panel is a drawer over the conversation. */
  readonly drawerOpen: boolean;
  /** Number of open modal dialogs: they cover the conversation. */
  readonly openDialogs: number;
}

export function initialOverlay(): OverlayState {
  return { overlay: undefined, drawerOpen: false, openDialogs: 0 };
}

export class OverlayActions {
  constructor(private readonly store: SliceStore<OverlayState>) {}

  show(overlay: Overlay): void {
    this.store.setState({ overlay });
  }

  close(): void {
    this.store.setState({ overlay: undefined });
  }

  dialogOpened(): void {
    this.store.setState(({ openDialogs }) => ({ openDialogs: openDialogs + 1 }));
  }

  dialogClosed(): void {
    this.store.setState(({ openDialogs }) => ({ openDialogs: openDialogs - 1 }));
  }
}
