import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { storeModuleUrl, storeWorkerUrl } from './store-worker-url.ts';

const PROGRAM = fileURLToPath(new URL('store-child.mjs', import.meta.url));

/** A process of its own that holds a store: `stream` stores without end, `obey` one message for each line written to it. */
export class StoreProcess {
  /** Everything it said until now. */
  readonly lines: string[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<unknown>;
  #heard = () => {};

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    const output = createInterface({ input: child.stdout });
    output.on('line', (line) => {
      this.lines.push(line);
      this.#heard();
    });
    // Both: the last lines may come after the end of the process.
    this.#ended = Promise.all([once(child, 'exit'), once(output, 'close')]).then(() => this.#heard());
    child.stderr.pipe(process.stderr);
  }

  static async start(task: 'stream' | 'obey', folder: string): Promise<StoreProcess> {
    const [module, worker] = [await storeModuleUrl(), await storeWorkerUrl()];
    return new StoreProcess(spawn(process.execPath, [PROGRAM, task, module.href, worker.href, folder]));
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** Waits until it has said so many lines. @throws where it ends before */
  async heard(count: number): Promise<readonly string[]> {
    while (this.lines.length < count) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`ended: ${this.lines.join()}`);
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
    return this.lines;
  }

  /** Has it store one message of 8 KiB. @returns what it says of it */
  async store(n: number): Promise<string> {
    const said = this.lines.length;
    this.#child.stdin.write(`${n}\n`);
    return (await this.heard(said + 1))[said] ?? '';
  }

  /** Lets it finish. */
  async finish(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }

  /** As a power cut would, for the process. Returns when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
