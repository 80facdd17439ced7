import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** An event of a client in a pipe: one JSON object a line. */
export type PipedEvent = Readonly<Record<string, unknown>> & { readonly event: string };

const WAIT_MS = 30_000;

/** The terminal client in a pipe. */
export class PipedClient {
  stdout = '';
  stderr = '';
  readonly exited: Promise<number>;
  readonly #child: ChildProcessWithoutNullStreams;
  #changed: () => void = () => undefined;

  /** @param file the built client */
  constructor(file: string, args: readonly (string | number)[], environment: Readonly<Record<string, string>> = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(ASIDE_|VITEST|NODE_OPTIONS)/.test(name));
    this.#child = spawn(process.execPath, [file, ...args.map(String)], {
      env: { ...Object.fromEntries(inherited), ...environment },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#changed();
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.#child.stdin.on('error', () => undefined);
    this.exited = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        this.#changed();
        resolve(code ?? -1);
      });
    });
  }

  line(text: string | object): void {
    this.#child.stdin.write(`${typeof text === 'string' ? text : JSON.stringify(text)}\n`);
  }

  /** Ends the input. @returns the exit code */
  async end(...lines: (string | object)[]): Promise<number> {
    for (const line of lines) this.line(line);
    this.#child.stdin.end();
    return await this.exited;
  }

  /** All events printed with --json. */
  get events(): PipedEvent[] {
    const complete = this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1);
    return complete
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as PipedEvent);
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!condition()) {
      if (Date.now() > deadline || this.#child.exitCode !== null) {
        throw new Error(`expected ${what}, but the client said\n${this.stdout}\n${this.stderr}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async says(text: string): Promise<void> {
    await this.until(() => this.stdout.includes(text), text);
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}
