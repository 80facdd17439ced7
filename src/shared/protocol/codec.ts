import { LIMITS } from '../limits.ts';
import { CLIENT_NOTIFICATIONS, CLIENT_PARAMS, type ClientMethod } from './messages.ts';
import { REASONS, type Reason, type Refusal } from './reasons.ts';
import { fitsCharacters } from './text.ts';

/** An id of a request: 1-36 characters, or a non-negative safe integer. */
export type RequestId = string | number;

/** A decoded line of a client. The schema of the method has to check `params`. */
export type ClientLine =
  | { kind: 'request'; id: RequestId; method: ClientMethod; params: object }
  | { kind: 'notification'; method: ClientMethod; params: object }
  | { kind: 'refused'; id: RequestId | null; reason: Reason };

/** A decoded line of a server. The schema of its method has to check it. */
export type ServerLine =
  | { kind: 'result'; id: RequestId; result: unknown }
  | { kind: 'error'; id: RequestId | null; error: unknown }
  | { kind: 'notification'; method: string; params: unknown }
  | { kind: 'refused'; reason: Reason };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const CLIENT_ENVELOPE = new Set(['jsonrpc', 'id', 'method', 'params']);
const NOTIFICATIONS: ReadonlySet<string> = new Set(CLIENT_NOTIFICATIONS);
const TAB = 0x09;
const CR = 0x0d;

/**
 * Parses the bytes of one line as JSON.
 * @returns undefined for invalid UTF-8, raw control characters or anything that is not JSON (RFC 8259)
 */
function parseLine(line: Uint8Array): unknown {
  // JSON.parse refuses control characters in strings, but accepts these two between tokens.
  if (line.includes(TAB) || line.includes(CR)) return undefined;
  try {
    return JSON.parse(utf8.decode(line)) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRequestId(value: unknown): value is RequestId {
  if (typeof value === 'string') {
    return value.length >= 1 && fitsCharacters(value, LIMITS.requestIdCharacters) && value.isWellFormed();
  }
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * Decodes one line of a client (protocol.md, section 3), in linear time. Never throws.
 * @param line bytes without LF
 */
export function decodeClientLine(line: Uint8Array): ClientLine {
  const value = parseLine(line);
  if (value === undefined) return { kind: 'refused', id: null, reason: 'parse' };
  if (!isObject(value)) return { kind: 'refused', id: null, reason: 'invalid' };
  const id = Object.hasOwn(value, 'id') ? value.id : undefined;
  const idGiven = id !== undefined;
  const answerTo = isRequestId(id) ? id : null;
  if (idGiven && answerTo === null) return { kind: 'refused', id: null, reason: 'invalid' };
  for (const key of Object.keys(value)) {
    if (!CLIENT_ENVELOPE.has(key)) return { kind: 'refused', id: answerTo, reason: 'invalid' };
  }
  const { method } = value;
  const params = value.params === undefined ? {} : value.params;
  if (value.jsonrpc !== '2.0' || typeof method !== 'string' || !isObject(params)) {
    return { kind: 'refused', id: answerTo, reason: 'invalid' };
  }
  if (!Object.hasOwn(CLIENT_PARAMS, method)) return { kind: 'refused', id: answerTo, reason: 'unknown-method' };
  const known = method as ClientMethod;
  if (answerTo !== null) return { kind: 'request', id: answerTo, method: known, params };
  if (!NOTIFICATIONS.has(known)) return { kind: 'refused', id: null, reason: 'invalid' };
  return { kind: 'notification', method: known, params };
}

/**
 * Decodes one line of a server. Ignores unknown members: a newer server may add some.
 * @param line bytes without LF
 */
export function decodeServerLine(line: Uint8Array): ServerLine {
  const value = parseLine(line);
  if (value === undefined) return { kind: 'refused', reason: 'parse' };
  if (!isObject(value) || value.jsonrpc !== '2.0') return { kind: 'refused', reason: 'invalid' };
  const { id } = value;
  if (typeof value.method === 'string' && id === undefined) {
    return { kind: 'notification', method: value.method, params: value.params ?? {} };
  }
  if (Object.hasOwn(value, 'error') && (id === null || isRequestId(id))) {
    return { kind: 'error', id, error: value.error };
  }
  if (Object.hasOwn(value, 'result') && isRequestId(id)) return { kind: 'result', id, result: value.result };
  return { kind: 'refused', reason: 'invalid' };
}

/** One request as a line, LF included. */
export function encodeRequest(id: RequestId, method: string, params: object): string {
  return `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
}

/** One notification as a line, LF included. */
export function encodeNotification(method: string, params: object): string {
  return `${JSON.stringify({ jsonrpc: '2.0', method, params })}\n`;
}

/** One answer as a line, LF included. */
export function encodeResult(id: RequestId, result: object): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(result)}}\n`;
}

/** One refusal as a line, LF included. `id` is null if the line had no readable one. @param message the sentence for users */
export function encodeError(id: RequestId | null, refusal: Refusal, message: string): string {
  const code = REASONS[refusal.reason];
  return `${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data: refusal } })}\n`;
}
