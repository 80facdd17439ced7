import type { Conversation, Message } from '../../shared/client-api/view-state.ts';
import { showableTime } from '../../shared/protocol/time.ts';

/** The policy allows no scripts and no requests, so no message can do more than be shown. */
export const HTML_BEGIN = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Aside: history</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 3rem; }
p { margin: 0.5rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.head { font-size: 0.8rem; opacity: 0.7; display: block; }
.own { margin-inline-start: 3rem; }
</style>
</head>
<body>
<h1>Aside: history</h1>
`;

export const HTML_END = '</body>\n</html>\n';

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** The Swedish format is that of ISO 8601. */
const TIME = new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC', dateStyle: 'short', timeStyle: 'medium' });

/** Escapes a text for HTML elements and attributes. */
function escapeHtml(text: string): string {
  return text.replaceAll('\0', '\u{fffd}').replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? '');
}

/** The heading of a conversation. */
export function headingHtml({ username }: Conversation): string {
  return `<h2 dir="auto">${username === undefined ? 'Everyone' : escapeHtml(username)}</h2>\n`;
}

/** A message as HTML, with time (UTC) and sender. */
export function messageHtml({ from, incoming, text, at, status, isPrivate }: Message): string {
  const time = `${TIME.format(showableTime(at))} UTC`;
  const notes = `${isPrivate === true ? ', said aside' : ''}${status.state === 'refused' ? ', not delivered' : ''}`;
  const head = `<span class="head">${time} <bdi>${escapeHtml(from)}</bdi>${notes}</span>`;
  return `<p${incoming ? '' : ' class="own"'}>${head}<bdi>${escapeHtml(text)}</bdi></p>\n`;
}
