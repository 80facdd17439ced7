/** Policies for new accounts. */
export const REGISTRATION_POLICIES = ['open', 'invite', 'closed'] as const;
export type RegistrationPolicy = (typeof REGISTRATION_POLICIES)[number];

/** In rising order of detail. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ['pretty', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Configuration of a server (A1, A3). `parse-config.ts` makes it from flags, environment and file. */
export interface ServerConfig {
  readonly port: number;
  /** Seconds for which an account is locked after three failed passwords (B2). */
  readonly blockSeconds: number;
  /** Seconds without any action after which a session is signed out; 0: never (B5). */
  readonly timeoutSeconds: number;
  /** Address to listen on; undefined: all, or loopback only with `plaintext`. */
  readonly host: string | undefined;
  readonly dataFolder: string;
  readonly tls: { readonly keyFile: string; readonly certificateFile: string } | undefined;
  readonly plaintext: boolean;
  readonly registration: RegistrationPolicy;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly metricsPort: number | undefined;
  readonly importCredentials: string | undefined;
  /** Messages a second per user; 0: no limit. The burst is five times as many. */
  readonly messageRate: number;
}
