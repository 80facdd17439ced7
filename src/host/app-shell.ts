import type { Secrets } from '../core/ports.ts';
import type { FileCipher } from '../node/file-cipher.ts';
import type { Outcome } from '../shared/client-api/failure.ts';
import type { Done } from '../shared/client-api/failure.ts';
import type { HostState, NotificationAction, Preferences } from '../shared/client-api/host.ts';

/** Messages and a request of the same person are two notifications: one does not take the other's place. */
export type NotificationKind = 'message' | 'request';

export interface NativeNotification {
  readonly kind: NotificationKind;
  readonly conversation: string;
  readonly title: string;
  readonly body: string;
  readonly actions?: readonly NotificationAction[] | undefined;
}

/** What differs between the app in a window of its own and the app in a browser. */
export interface AppShell {
  readonly kind: HostState['kind'];
  /** @param url http, https or mailto; the person has seen where it leads */
  openLink(url: string): Promise<Outcome<Done>>;
  notify(notice: NativeNotification): Outcome<Done>;
  /** @param aside how many of them were said aside */
  setUnread(count: number, aside: number): void;
  /** Told at the start and after every change. */
  preferences(preferences: Preferences): void;
  /** Ends the program; undefined: its terminal does. */
  quit?(): void;
  /** Takes a notification back, where it still is. */
  withdraw?(kind: NotificationKind, conversation: string): void;
  withdrawAll?(): void;
  /** Whether the system has a secret store; where it has none, a passphrase is offered. */
  hasSecretStore?(): boolean;
  /** That store, for what a passphrase has protected before; undefined: it has none. */
  systemCipher?(): FileCipher | undefined;
  /** Where the sign-in token of a profile lives; undefined: in a file for the owner only. */
  secrets?(profileFolder: string): Secrets | undefined;
  /**
   * The key of a profile's history; the same one every time. Undefined: the history is not encrypted.
   * @throws ProfileError where there is one that cannot be read
   */
  historyKey?(profileFolder: string): string | undefined;
}
