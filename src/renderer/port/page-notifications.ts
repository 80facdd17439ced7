/** Notifications by the page itself, where the shell around it is a browser. */

/** Whether the person has allowed this page to notify them. */
export function canNotify(): boolean {
  return typeof Notification === 'function' && Notification.permission === 'granted';
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
