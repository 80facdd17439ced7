import { LOG_LEVELS, type LogFormat, type LogLevel } from '../config.ts';

/** Fields of a log line beside the event's name. They never contain message texts, passwords or tokens. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** The server's log. Levels in rising order of detail: error, warn, info, debug. */
export interface Log {
  error(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Writes one whole line, LF included. */
  write(line: string): void;
}

/** A value that is unambiguous without quotes. */
const PLAIN = /^[\w.:/@+-]+$/;
/**
 * Characters that JSON does not escape but a terminal may interpret: DEL and C1 controls, line separators,
 * bidirectional controls, BOM.
 */
const UNSEEN = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * Makes the log: a readable line (`pretty`) or one JSON object for each event. Values may come from any client, so they
 * are escaped: no value can start another line or control a terminal.
 */
export function createLog({ level, format, write }: LogOptions): Log {
  const line = format === 'json' ? jsonLine : prettyLine;
  const most = LOG_LEVELS.indexOf(level);
  const at = (own: LogLevel): ((event: string, fields?: LogFields) => void) => {
    if (LOG_LEVELS.indexOf(own) > most) return () => {};
    return (event, fields = {}) => write(line(new Date().toISOString(), own, event, fields));
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

function jsonLine(time: string, level: LogLevel, event: string, fields: LogFields): string {
  return `${escaped({ time, level, event, ...fields })}\n`;
}

function prettyLine(time: string, level: LogLevel, event: string, fields: LogFields): string {
  let line = `${time} ${level.toUpperCase().padEnd(5)} ${event}`;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    line += ` ${name}=${typeof value === 'string' && !PLAIN.test(value) ? escaped(value) : String(value)}`;
  }
  return `${line}\n`;
}

function escaped(value: LogFields | string): string {
  return JSON.stringify(value).replaceAll(UNSEEN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
