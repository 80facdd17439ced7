/** What may stand in a log line beside the event's name. Never message texts, passwords or tokens. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** The server's log. Levels in rising order of detail: error, warn, info, debug. */
export interface Log {
  error(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
}
