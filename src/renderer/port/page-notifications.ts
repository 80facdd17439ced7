/** Notifications of the page, for the browser host. */

/** Whether the user has allowed notifications for this page. */
export function canNotify(): boolean {
  return typeof Notification === 'function' && Notification.permission === 'granted';
}

/** The key in the browser's storage that says that this user was asked already. */
const ASKED = 'aside: asked to notify';

/** Whether the user can still be asked: no decision yet, here and in the browser. */
export function mayAskToNotify(): boolean {
  if (typeof Notification !== 'function' || Notification.permission !== 'default') return false;
  return localStorage.getItem(ASKED) === null;
}

/** Remembers that the user was asked, so that the offer isn't shown again. */
export function rememberAsked(): void {
  localStorage.setItem(ASKED, 'yes');
}

/** Asks for permission. @returns whether notifications are allowed */
export async function askToNotify(): Promise<boolean> {
  if (typeof Notification !== 'function') return false;
  return (await Notification.requestPermission()) === 'granted';
}

/** @param tag another notification with the same tag replaces this one */
export function notifyInPage(title: string, body: string, tag: string, onClick: () => void): void {
  if (!canNotify()) return;
  const notification = new Notification(title, { body, tag, silent: false });
  notification.addEventListener('click', () => {
    window.focus();
    notification.close();
    onClick();
  });
}
