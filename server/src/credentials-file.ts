/** One account of a credentials file of the original server. */
export interface CredentialsEntry {
  /** Number of the line, from 1. */
  readonly line: number;
  readonly username: string;
  readonly password: string;
}

/** A skipped line and the reason, without the content of the line. */
export interface BadCredentialsLine {
  readonly line: number;
  readonly problem: string;
}

export interface ParsedCredentials {
  readonly entries: readonly CredentialsEntry[];
  readonly bad: readonly BadCredentialsLine[];
}

const NOT_UTF8 = '\ufffd';

/** Whether a file is UTF-16, as some editors save it: by its byte order mark, or by a first letter with a zero byte (A4). */
export function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return hasMark || first === 0 || second === 0;
}

/**
 * Reads the credentials file of the original server (A4): `username password`, one pair a line; surrounding white space
 * and empty lines are ignored. The import checks whether a username is valid and free.
 * @param text decoded with replacement, so that one line in another encoding does not affect the others
 */
export function parseCredentials(text: string): ParsedCredentials {
  const entries: CredentialsEntry[] = [];
  const bad: BadCredentialsLine[] = [];
  const usernames = new Set<string>();
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  for (const [index, content] of lines.entries()) {
    const line = index + 1;
    const words = content.split(/\s+/).filter((word) => word !== '');
    const [username, password] = words;
    if (username === undefined) continue;
    if (content.includes(NOT_UTF8)) bad.push({ line, problem: 'is not UTF-8' });
    else if (password === undefined) bad.push({ line, problem: 'has a username but no password' });
    else if (words.length > 2) bad.push({ line, problem: 'has more than a username and a password' });
    else if (usernames.has(username)) bad.push({ line, problem: 'repeats a username' });
    else {
      usernames.add(username);
      entries.push({ line, username, password });
    }
  }
  return { entries, bad };
}
