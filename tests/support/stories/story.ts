import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/setup.mjs';
import { type RunningServer, type ServerOptions, startServer } from '../server-process.ts';
import type { StoryHost } from './hosts.ts';
import { Person } from './person.ts';

/** One thing that happens, told from outside, and seen to have happened when `run` ends. */
export interface Step {
  readonly does: string;
  run(): Promise<unknown>;
}

/** Between two steps: here the server may be cut off and started again. */
export const SERVER_MAY_FALL = 'the server may fall';
export type Part = Step | typeof SERVER_MAY_FALL;

/** The same story is told in each of these ways, and has to go the same. */
export const VARIANTS = {
  plain: 'as it is',
  reload: 'with every page loaded again after every step',
  restart: 'with the server killed and started again in the middle',
} as const;
export type Variant = keyof typeof VARIANTS;

/** What some people do with the app, as a list of steps. Their apps have arrived at the server unless it says otherwise. */
export interface Story<Name extends string = string> {
  readonly name: string;
  readonly people: readonly Name[];
  /** Who has not even started the app when the story begins. */
  readonly strangers?: readonly Name[];
  readonly server?: ServerOptions;
  /** Where not all of them make sense. */
  readonly variants?: readonly Variant[];
  parts(people: Readonly<Record<Name, Person>>, stage: Stage): readonly Part[];
}

/** Names of people are checked against those who are in the story. */
export function story<const Name extends string>(told: Story<Name>): Story<Name> {
  return told;
}

export function step(does: string, run: Step['run']): Step {
  return { does, run };
}

/** In which ways a story is told. Where the server falls in it, what is told between its falls is the story as it is. */
export function variantsOf({ variants = ['reload', 'restart'] }: Story): readonly Variant[] {
  return variants;
}

/** A server of its own, and the people of one telling. */
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

  /** Somebody with a computer of their own. */
  person(name: string): Person {
    const person = new Person(name, this.host, this.address, this.server.fingerprint ?? '');
    this.#people.push(person);
    return person;
  }

  /** @param signal SIGKILL: as a power cut; SIGTERM: as whoever runs it stops it */
  async serverEnds(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    await this.server.stop(signal);
  }

  /** The server is there again, at the same place, with what it has kept. */
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

  /** Everybody's page is loaded again. */
  async reloadAll(): Promise<void> {
    await Promise.all(this.#running.map((person) => person.reload()));
  }

  /** The server is cut off. Everybody sees it, and everybody comes back without doing anything. */
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

  /** What everybody sees just now, for whoever has to find out what went wrong. */
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

/** Tells a story in one of its ways. @throws Error with the step that failed and what everybody saw then */
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
