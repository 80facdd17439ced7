import { nativeTheme, Notification, safeStorage, shell } from 'electron';
import type { NativeNotification, NotificationKind, AppShell } from '../host/app-shell.ts';
import { type Done, failed, type Outcome, succeeded } from '../shared/client-api/failure.ts';
import type { Preferences } from '../shared/client-api/host.ts';
import type { FileCipher } from '../node/file-cipher.ts';
import { encryptedHistoryKey, EncryptedSecrets } from '../node/profile-secrets.ts';
import { NativeNotifications, type NotificationClicks } from './native-notifications.ts';
import type { StartAtLogin } from './start-at-login.ts';
import { SystemCipher, hasSecretStore } from './system-cipher.ts';

/** Actions of the shell in other parts of the app. */
export interface ShellActions extends NotificationClicks {
  /** Shows the unread count. @param privateCount number of private messages among them */
  unread(count: number, privateCount: number): void;
  quit(): void;
}

/** Shell of the desktop app. */
export class NativeShell implements AppShell {
  readonly kind = 'desktop';
  readonly #notifications: NativeNotifications;
  readonly #cipher = new SystemCipher(safeStorage);

  /** @param login starts the app when the user signs in to the computer */
  constructor(
    private readonly actions: ShellActions,
    private readonly login: StartAtLogin,
  ) {
    this.#notifications = new NativeNotifications(actions);
  }

  async openLink(url: string): Promise<Outcome<Done>> {
    try {
      await shell.openExternal(url);
      return succeeded({});
    } catch {
      return failed('invalid-command', { detail: 'link-not-opened' });
    }
  }

  notify(notification: NativeNotification): Outcome<Done> {
    if (!Notification.isSupported()) return failed('invalid-command', { detail: 'no-notifications' });
    this.#notifications.show(notification);
    return succeeded({});
  }

  withdraw(kind: NotificationKind, conversation: string): void {
    this.#notifications.withdraw(kind, conversation);
  }

  withdrawAll(): void {
    this.#notifications.withdrawAll();
  }

  setUnread(count: number, privateCount: number): void {
    this.actions.unread(count, privateCount);
  }

  quit(): void {
    this.actions.quit();
  }

  preferences({ theme, startAtLogin: wanted = false }: Preferences): void {
    nativeTheme.themeSource = theme;
    this.login.apply(wanted);
  }

  hasSecretStore(): boolean {
    return hasSecretStore(safeStorage, process.platform);
  }

  systemCipher(): FileCipher | undefined {
    return this.hasSecretStore() ? this.#cipher : undefined;
  }

  secrets(profileFolder: string): EncryptedSecrets | undefined {
    return this.hasSecretStore() ? new EncryptedSecrets(profileFolder, this.#cipher) : undefined;
  }

  historyKey(profileFolder: string): string | undefined {
    return this.hasSecretStore() ? encryptedHistoryKey(profileFolder, this.#cipher) : undefined;
  }
}
