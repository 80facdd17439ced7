import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/setup.mjs';
import { type RunningServer, type ServerOptions, startServer } from '../server-process.ts';
import type { StoryHost } from './hosts.ts';
import { Person } from './person.ts';

/** One action of a story, described from outside; its result is visible when `run` ends. */
export interface Step {
  readonly does: string;
  run(): Promise<unknown>;
}

/** A place between two steps at which the server may be killed and started again. */
export const SERVER_MAY_FALL = 'the server may fall';
export type Part = Step | typeof SERVER_MAY_FALL;

/** Variants of a story; the results must be the same in each. */
export const VARIANTS = {
  plain: 'as it is',
  reload: 'with every page loaded again after every step',
  restart: 'with the server killed and started again in the middle',
} as const;
export type Variant = keyof typeof VARIANTS;

/** Actions of some users in the app, as a list of steps. All users but the strangers are signed in at the beginning. */
export interface Story<Name extends string = string> {
  readonly name: string;
  readonly people: readonly Name[];
  /** Users that have not started the app when the story begins. */
  readonly strangers?: readonly Name[];
  readonly server?: ServerOptions;
  /** Variants that make sense for this story, if not all do. */
  readonly variants?: readonly Variant[];
  parts(people: Readonly<Record<Name, Person>>, stage: Stage): readonly Part[];
}

/** Checks the names of users at compile time. */
export function story<const Name extends string>(told: Story<Name>): Story<Name> {
  return told;
}

export function step(does: string, run: Step['run']): Step {
  return { does, run };
}

/** Variants to tell. The variant with restarts contains the plain story between the restarts. */
export function variantsOf({ variants = ['reload', 'restart'] }: Story): readonly Variant[] {
  return variants;
}

/** The server and the users of one variant of a story. */
export class Stage {
  readonly #people: Person[] = [];

  private constructor(
    readonly host: StoryHost,
    readonly variant: Variant,
    private readonly options: ServerOptions,
    public server: RunningServer,
  ) {}

  static async set(host: StoryHost, variant: Variant, options: ServerOptions = {}): Promise<Stage> {
    return new Stage(host, variant, options, await startServer(options));
  }

  get address(): string {
    return `127.0.0.1:${this.server.port}`;
  }

  /** A user with a computer of their own. */
  person(name: string): Person {
    const person = new Person(name, this.host, this.address, this.server.fingerprint ?? '');
    this.#people.push(person);
    return person;
  }

  /** @param signal SIGKILL: as a power cut; SIGTERM: as the operator stops it */
  async serverEnds(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    await this.server.stop(signal);
  }

  /** Starts the server again, on the same port and data folder. */
  async serverIsBack(): Promise<void> {
    const { port, dataFolder } = this.server;
    const before = this.server;
    this.server = await startServer({ ...this.options, port, dataFolder });
    const { cleanUp } = this.server;
    // The folder is temporary, and belongs to the first of them.
    this.server.cleanUp = async () => {
      await cleanUp();
      await before.cleanUp();
    };
  }

  /** Loads the page of every user again. */
  async reloadAll(): Promise<void> {
    await Promise.all(this.#running.map((person) => person.reload()));
  }

  /** Kills the server and starts it again. All users see the loss, and their apps reconnect by themselves. */
  async serverFalls(): Promise<void> {
    await this.serverEnds();
    await Promise.all(this.#running.map((person) => person.bar.waitFor()));
    await this.serverIsBack();
    await Promise.all(this.#running.map((person) => person.isOnline()));
  }

  get #running(): readonly Person[] {
    return this.#people.filter(({ runs }) => runs);
  }

  async judge(): Promise<void> {
    for (const person of this.#people) await person.hasNoComplaints();
  }

  /** Text and picture of every user's page, for the report of a failed step. */
  async describe(story: string): Promise<string> {
    const folder = join(ROOT, 'build', 'stories');
    mkdirSync(folder, { recursive: true });
    const file = (name: string): string => join(folder, `${story} ${this.variant} ${name}`.replaceAll(/\W+/g, '-'));
    const seen = this.#running.map(async ({ name, page, complaints }) => {
      await page.screenshot({ path: `${file(name)}.png` });
      const text = await page.locator('body').innerText();
      return [`— ${name} sees (${file(name)}.png):`, text, ...complaints.map((one) => `! ${one}`)].join('\n');
    });
    const told = await Promise.allSettled(seen);
    return told.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason))).join('\n');
  }

  async clear(): Promise<void> {
    await Promise.all(this.#people.map((person) => person.remove()));
    await this.server.cleanUp();
  }
}

/** Runs a variant of a story. @throws Error with the step that failed and the text of every user's page */
export async function tell(host: StoryHost, told: Story, variant: Variant): Promise<void> {
  const stage = await Stage.set(host, variant, told.server);
  let now = 'everybody arrives';
  try {
    const people = Object.fromEntries(told.people.map((name) => [name, stage.person(name)]));
    const arriving = Object.values(people).filter(({ name }) => told.strangers?.includes(name) !== true);
    await Promise.all(arriving.map((person) => person.arrive()));
    const parts = told.parts(people, stage);
    if (variant === 'restart' && !parts.includes(SERVER_MAY_FALL)) throw new Error('the server falls nowhere in it');
    for (const part of parts) {
      if (part === SERVER_MAY_FALL) {
        if (variant !== 'restart') continue;
        now = `${now} · and then the server falls`;
        await stage.serverFalls();
        continue;
      }
      now = part.does;
      await part.run();
      if (variant !== 'reload') continue;
      now = `${now} · and then every page is loaded again`;
      await stage.reloadAll();
    }
    now = 'nothing was complained of';
    await stage.judge();
  } catch (error) {
    const seen = await stage.describe(told.name);
    throw new Error(`“${now}” failed: ${error instanceof Error ? error.message : String(error)}\n${seen}`, {
      cause: error,
    });
  } finally {
    await stage.clear();
  }
}
