import { app, nativeTheme, Notification, shell } from 'electron';
import type { NativeNotice, Shell } from '../host/shell.ts';
import { type Done, failed, type Outcome, succeeded } from '../shared/client-api/failure.ts';
import type { NoticeAction, Preferences } from '../shared/client-api/host.ts';
import type { Seal } from '../node/seal.ts';
import { sealedHistoryKey, SealedSecrets } from '../node/sealed-profile.ts';
import { startAtLogin } from './start-at-login.ts';
import { STRINGS } from './strings.ts';
import { SYSTEM_SEAL, systemKeepsSecrets } from './system-seal.ts';

/** Notifications that are kept track of; the oldest is taken back. */
const NOTICES = 50;

/** The shell of the desktop app. */
export class NativeShell implements Shell {
  readonly kind = 'desktop';
  readonly #notices = new Map<string, Notification>();

  /**
   * @param chosen a notification was clicked
   * @param acted a button of a notification was
   * @param badge shows how many messages wait to be read
   */
  constructor(
    private readonly chosen: (conversation: string) => void,
    private readonly acted: (action: NoticeAction, conversation: string) => Promise<void>,
    private readonly badge: (count: number) => void,
  ) {}

  async openLink(url: string): Promise<Outcome<Done>> {
    try {
      await shell.openExternal(url);
      return succeeded({});
    } catch {
      return failed('invalid-command', STRINGS.cannotOpen);
    }
  }

  notify({ conversation, title, body, actions = [] }: NativeNotice): Outcome<Done> {
    if (!Notification.isSupported()) return failed('invalid-command', STRINGS.noNotifications);
    this.withdraw(conversation);
    const oldest = this.#notices.keys().next();
    if (this.#notices.size >= NOTICES && oldest.done !== true) this.withdraw(oldest.value);
    const notice = new Notification({
      title,
      body,
      actions: actions.map(({ label }) => ({ type: 'button', text: label })),
    });
    this.#notices.set(conversation, notice);
    notice.on('click', () => this.chosen(conversation));
    notice.on('action', ({ actionIndex }) => {
      const action = actions[actionIndex];
      if (action !== undefined) void this.acted(action, conversation);
    });
    notice.on('close', () => {
      if (this.#notices.get(conversation) === notice) this.#notices.delete(conversation);
    });
    notice.show();
    return succeeded({});
  }

  withdraw(conversation: string | undefined): void {
    for (const one of conversation === undefined ? [...this.#notices.keys()] : [conversation]) {
      const notice = this.#notices.get(one);
      this.#notices.delete(one);
      notice?.close();
    }
  }

  setUnread(count: number): void {
    this.badge(count);
  }

  quit(): void {
    app.quit();
  }

  preferences({ theme, startAtLogin: wanted = false }: Preferences): void {
    nativeTheme.themeSource = theme;
    startAtLogin(wanted);
  }

  keepsSecrets(): boolean {
    return systemKeepsSecrets();
  }

  seal(): Seal | undefined {
    return systemKeepsSecrets() ? SYSTEM_SEAL : undefined;
  }

  secrets(profileFolder: string): SealedSecrets | undefined {
    return systemKeepsSecrets() ? new SealedSecrets(profileFolder, SYSTEM_SEAL) : undefined;
  }

  historyKey(profileFolder: string): string | undefined {
    return systemKeepsSecrets() ? sealedHistoryKey(profileFolder, SYSTEM_SEAL) : undefined;
  }
}
