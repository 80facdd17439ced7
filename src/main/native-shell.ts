import { nativeTheme, Notification, safeStorage, shell } from 'electron';
import type { NativeNotice, NoticeKind, Shell } from '../host/shell.ts';
import { type Done, failed, type Outcome, succeeded } from '../shared/client-api/failure.ts';
import type { Preferences } from '../shared/client-api/host.ts';
import type { Seal } from '../node/seal.ts';
import { sealedHistoryKey, SealedSecrets } from '../node/sealed-profile.ts';
import { NativeNotices, type NoticeClicks } from './native-notices.ts';
import type { StartAtLogin } from './start-at-login.ts';
import { SystemSeal, systemKeepsSecrets } from './system-seal.ts';

/** What the shell does elsewhere in the app. */
export interface ShellActions extends NoticeClicks {
  /** Shows how many messages wait to be read, and how many of them were said aside. */
  unread(count: number, aside: number): void;
  quit(): void;
}

/** The shell of the desktop app. */
export class NativeShell implements Shell {
  readonly kind = 'desktop';
  readonly #notices: NativeNotices;
  readonly #seal = new SystemSeal(safeStorage);

  /** @param login what starts the app when the person signs in to the computer */
  constructor(
    private readonly actions: ShellActions,
    private readonly login: StartAtLogin,
  ) {
    this.#notices = new NativeNotices(actions);
  }

  async openLink(url: string): Promise<Outcome<Done>> {
    try {
      await shell.openExternal(url);
      return succeeded({});
    } catch {
      return failed('invalid-command', { detail: 'link-not-opened' });
    }
  }

  notify(notice: NativeNotice): Outcome<Done> {
    if (!Notification.isSupported()) return failed('invalid-command', { detail: 'no-notifications' });
    this.#notices.show(notice);
    return succeeded({});
  }

  withdraw(kind: NoticeKind, conversation: string): void {
    this.#notices.withdraw(kind, conversation);
  }

  withdrawAll(): void {
    this.#notices.withdrawAll();
  }

  setUnread(count: number, aside: number): void {
    this.actions.unread(count, aside);
  }

  quit(): void {
    this.actions.quit();
  }

  preferences({ theme, startAtLogin: wanted = false }: Preferences): void {
    nativeTheme.themeSource = theme;
    this.login.prefer(wanted);
  }

  keepsSecrets(): boolean {
    return systemKeepsSecrets(safeStorage, process.platform);
  }

  seal(): Seal | undefined {
    return this.keepsSecrets() ? this.#seal : undefined;
  }

  secrets(profileFolder: string): SealedSecrets | undefined {
    return this.keepsSecrets() ? new SealedSecrets(profileFolder, this.#seal) : undefined;
  }

  historyKey(profileFolder: string): string | undefined {
    return this.keepsSecrets() ? sealedHistoryKey(profileFolder, this.#seal) : undefined;
  }
}
