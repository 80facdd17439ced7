import type { Secrets } from '../core/ports.ts';
import type { FileCipher } from '../node/file-cipher.ts';
import type { Outcome } from '../shared/client-api/failure.ts';
import type { Done } from '../shared/client-api/failure.ts';
import type { HostState, NotificationAction, Preferences } from '../shared/client-api/host.ts';

/** A conversation can have one notification of each kind: a message does not replace a request. */
export type NotificationKind = 'message' | 'request';

export interface NativeNotification {
  readonly kind: NotificationKind;
  readonly conversation: string;
  readonly title: string;
  readonly body: string;
  readonly actions?: readonly NotificationAction[] | undefined;
}

/** The platform under the host: a desktop window, or a browser. */
export interface AppShell {
  readonly kind: HostState['kind'];
  /** @param url http, https or mailto; the user has seen and confirmed it */
  openLink(url: string): Promise<Outcome<Done>>;
  notify(notification: NativeNotification): Outcome<Done>;
  /** @param privateCount number of private messages among them */
  setUnread(count: number, privateCount: number): void;
  /** Called at the start and after every change. */
  preferences(preferences: Preferences): void;
  /** Ends the program; undefined: only its terminal can. */
  quit?(): void;
  /** Withdraws a notification if it is still shown. */
  withdraw?(kind: NotificationKind, conversation: string): void;
  withdrawAll?(): void;
  /** Whether the system has a secret store; if not, the app offers a passphrase. */
  hasSecretStore?(): boolean;
  /** Cipher of that store, for files that a passphrase has protected before; undefined: there is no store. */
  systemCipher?(): FileCipher | undefined;
  /** Store for the sign-in token of a profile; undefined: a file that only its owner can read. */
  secrets?(profileFolder: string): Secrets | undefined;
  /**
   * Key of a profile's history, always the same. Undefined: the history is plain.
   * @throws ProfileError if there is a key that cannot be read
   */
  historyKey?(profileFolder: string): string | undefined;
}
