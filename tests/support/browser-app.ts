import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { CommandName, CommandParams, CommandResult, NumberedEvent } from '../../src/shared/client-api/contract.ts';
import type { Outcome } from '../../src/shared/client-api/failure.ts';
import type {
  HostCommandName,
  HostCommandParams,
  HostCommandResult,
  HostEvent,
  HostState,
} from '../../src/shared/client-api/host.ts';
import type { ViewState } from '../../src/shared/client-api/view-state.ts';
import { hostFrame } from '../../src/shared/client-api/frames.ts';
import type { Exit } from './server-process.ts';

const START_MS = 40_000;
const WAIT_MS = 20_000;
const LINK = /http:\/\/127\.0\.0\.1:(\d+)\/\?key=[\w-]{43}/;

export interface BrowserAppOptions {
  /** Stays after the end of the app; without it, a temporary folder is created and removed. */
  readonly dataFolder?: string;
  /** Default: a user interface of two files. */
  readonly uiFolder?: string;
  readonly args?: readonly string[];
}

/** A browser host in its own process. */
export interface BrowserApp {
  readonly port: number;
  readonly link: string;
  readonly pid: number;
  readonly dataFolder: string;
  stdout(): string;
  stop(signal?: NodeJS.Signals): Promise<Exit>;
  cleanUp(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @param program the bundled browser host */
export async function startBrowserApp(program: string, options: BrowserAppOptions = {}): Promise<BrowserApp> {
  const temporary = mkdtempSync(join(tmpdir(), 'aside-app-'));
  const dataFolder = options.dataFolder ?? join(temporary, 'data');
  const uiFolder = options.uiFolder ?? writeUi(join(temporary, 'ui'));
  const child = spawn(process.execPath, [program, '--data', dataFolder, '--ui', uiFolder, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  const found = await new Promise<RegExpExecArray | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), START_MS);
    const look = (text: string): void => {
      output += text;
      const link = LINK.exec(output);
      if (link === null) return;
      clearTimeout(timer);
      resolve(link);
    };
    child.stdout.setEncoding('utf8').on('data', look);
    child.stderr.setEncoding('utf8').on('data', look);
    void exited.then(() => resolve(null));
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> => {
    child.kill(signal);
    return await exited;
  };
  if (found === null || child.pid === undefined) {
    await stop('SIGKILL');
    throw new Error(`the app did not start:\n${output}`);
  }
  return {
    port: Number(found[1]),
    link: found[0],
    pid: child.pid,
    dataFolder,
    stdout: () => output,
    stop,
    async cleanUp() {
      if (running.has(child)) await stop('SIGKILL');
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

/** The smallest user interface. */
export function writeUi(folder: string): string {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>Aside</title><script src="/assets/app.js"></script>',
  );
  writeFileSync(join(folder, 'assets', 'app.js'), 'document.title = "running";');
  writeFileSync(join(folder, 'assets', 'app.js.map'), '{}');
  return folder;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One HTTP request with exactly these headers and `Host`. */
export function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Opens the link. @returns the cookie, as a browser sends it */
export async function enter({ port, link }: Pick<BrowserApp, 'port' | 'link'>): Promise<string> {
  const { status, headers } = await ask(port, link.slice(link.indexOf('/?')));
  const cookie = headers['set-cookie']?.[0]?.split(';')[0];
  if (status !== 200 || cookie === undefined) throw new Error(`the link was refused: ${status}`);
  return cookie;
}

type Reading = { readonly view: ViewState; readonly hostState: HostState };

/** A user interface on a raw WebSocket. Every frame of the host must pass its schema. */
export class UiSocket {
  readonly events: NumberedEvent[] = [];
  readonly hostEvents: HostEvent[] = [];
  readonly socket: WebSocket;
  /** Resolves to the close code of the socket. */
  readonly closed: Promise<number>;
  #nextId = 1;
  readonly #answers = new Map<number, (frame: unknown) => void>();
  readonly #watchers = new Set<() => void>();
  #problem: string | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', resolve);
    });
    socket.on('message', (data: Buffer) => this.#received(data.toString()));
    socket.once('close', () => this.#look());
  }

  /** @throws Error with the status of a refusal */
  static async connect(port: number, headers: Readonly<Record<string, string>>, path = '/socket'): Promise<UiSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    const ui = new UiSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return ui;
  }

  /** Connects like a page of the app, with its cookie. */
  static of({ port }: Pick<BrowserApp, 'port'>, cookie: string): Promise<UiSocket> {
    return UiSocket.connect(port, { origin: `http://127.0.0.1:${port}`, cookie });
  }

  async read(): Promise<Reading> {
    return (await this.call({ read: 'all' })) as Reading;
  }

  async command<K extends CommandName>(name: K, params: CommandParams<K>): Promise<Outcome<CommandResult<K>>> {
    const { outcome } = (await this.call({ command: name, params })) as { outcome: Outcome<CommandResult<K>> };
    return outcome;
  }

  async host<K extends HostCommandName>(name: K, params: HostCommandParams<K>): Promise<Outcome<HostCommandResult<K>>> {
    const { outcome } = (await this.call({ host: name, params })) as { outcome: Outcome<HostCommandResult<K>> };
    return outcome;
  }

  /** @param frame any frame, without its id */
  call(frame: object): Promise<unknown> {
    const id = this.#nextId++;
    this.socket.send(JSON.stringify({ id, ...frame }));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${JSON.stringify(frame)}`)), WAIT_MS);
      this.#answers.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
  }

  /** Waits until received frames satisfy a condition. */
  until(what: string, holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (error?: Error): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        if (error === undefined) resolve();
        else reject(error);
      };
      const timer = setTimeout(() => end(new Error(`waited in vain until ${what}`)), WAIT_MS);
      const look = (): void => {
        if (this.#problem !== undefined) end(new Error(this.#problem));
        else if (holds()) end();
      };
      this.#watchers.add(look);
      look();
    });
  }

  end(): Promise<number> {
    this.socket.close();
    return this.closed;
  }

  #received(text: string): void {
    const value = JSON.parse(text) as { id?: number };
    const frame = hostFrame.safeParse(value);
    if (!frame.success) this.#problem = `a frame of another shape: ${text.slice(0, 300)}`;
    else if ('event' in frame.data) this.events.push(frame.data.event);
    else if ('hostEvent' in frame.data) this.hostEvents.push(frame.data.hostEvent);
    else this.#answers.get(frame.data.id)?.(value);
    this.#look();
  }

  #look(): void {
    for (const look of this.#watchers) look();
  }
}
