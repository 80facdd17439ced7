const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * A notification's text as the system takes it: what others write stays text. On Linux it is read as markup (Desktop
 * Notifications Specification, "Markup"), in which links and pictures could be written.
 */
export function notificationBody(text: string, platform: NodeJS.Platform): string {
  return platform === 'linux' ? text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character) : text;
}
