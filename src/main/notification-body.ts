const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Escapes the text of a notification. On Linux the system reads it as markup (Desktop Notifications Specification,
 * "Markup"), so a message could contain links and pictures.
 */
export function notificationBody(text: string, platform: NodeJS.Platform): string {
  return platform === 'linux' ? text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character) : text;
}
