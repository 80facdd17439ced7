import { app, nativeTheme, Notification, shell } from 'electron';
import type { NativeNotice, Shell } from '../host/shell.ts';
import { type Done, failed, type Outcome, succeeded } from '../shared/client-api/failure.ts';
import type { NoticeAction, Preferences } from '../shared/client-api/host.ts';
import { sealedHistoryKey, SealedSecrets, systemKeepsSecrets } from './sealed-secrets.ts';
import { startAtLogin } from './start-at-login.ts';
import { STRINGS } from './strings.ts';

/** Notifications that are kept track of; the oldest is taken back. */
const NOTICES = 50;

/** The shell of the desktop app. */
export class NativeShell implements Shell {
  readonly kind = 'desktop';
  readonly #notices = new Map<string, Notification>();

  /**
   * @param chosen a notification was clicked
   * @param acted a button of a notification was
   * @param unread the number of unread messages changed
   */
  constructor(
    private readonly chosen: (conversation: string) => void,
    private readonly acted: (action: NoticeAction) => void,
    private readonly unread: (count: number) => void,
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
    this.#forget(conversation);
    const oldest = this.#notices.keys().next();
    if (this.#notices.size >= NOTICES && oldest.done !== true) this.#forget(oldest.value);
    const notice = new Notification({
      title,
      body,
      actions: actions.map(({ label }) => ({ type: 'button', text: label })),
    });
    this.#notices.set(conversation, notice);
    notice.on('click', () => this.chosen(conversation));
    notice.on('action', ({ actionIndex }) => {
      const action = actions[actionIndex];
      if (action !== undefined) this.acted(action);
    });
    notice.on('close', () => {
      if (this.#notices.get(conversation) === notice) this.#notices.delete(conversation);
    });
    notice.show();
    return succeeded({});
  }

  setUnread(count: number): void {
    app.setBadgeCount(count);
    this.unread(count);
  }

  preferences({ theme, startAtLogin: wanted = false }: Preferences): void {
    nativeTheme.themeSource = theme;
    startAtLogin(wanted);
  }

  secrets(profileFolder: string): SealedSecrets | undefined {
    return systemKeepsSecrets() ? new SealedSecrets(profileFolder) : undefined;
  }

  historyKey(profileFolder: string): string | undefined {
    return systemKeepsSecrets() ? sealedHistoryKey(profileFolder) : undefined;
  }

  #forget(conversation: string): void {
    const notice = this.#notices.get(conversation);
    this.#notices.delete(conversation);
    notice?.close();
  }
}
