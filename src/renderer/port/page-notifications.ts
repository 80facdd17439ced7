/** Notifications by the page itself, where the shell around it is a browser. */

/** Whether the person has allowed this page to notify them. */
export function canNotify(): boolean {
  return typeof Notification === 'function' && Notification.permission === 'granted';
}

/** Where this browser remembers that the person was asked here, whatever they said. */
const ASKED = 'aside: asked to notify';

/** Whether nobody has decided yet, here and in the browser, so that it can be asked. */
export function mayAskToNotify(): boolean {
  if (typeof Notification !== 'function' || Notification.permission !== 'default') return false;
  return localStorage.getItem(ASKED) === null;
}

/** It is not asked again by itself. */
export function rememberAsked(): void {
  localStorage.setItem(ASKED, 'yes');
}

/** Asks the person once. @returns whether notifications are allowed */
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
