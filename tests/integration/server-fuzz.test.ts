import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Store } from '../../server/src/store/store.ts';
import {
  CLIENT_NOTIFICATIONS,
  CLIENT_PARAMS,
  type ClientMethod,
  errorData,
  RESULTS,
  SERVER_PARAMS,
} from '../../src/shared/protocol/messages.ts';
import { REASONS, type Reason } from '../../src/shared/protocol/reasons.ts';
import { refusals } from '../../src/shared/text/reasons.ts';
import { InMemoryServer, machine, type MemoryClient } from '../support/server-in-memory.ts';
import { StoreFolder } from '../support/store-folder.ts';
import { PASSWORD, type ServerLine } from '../support/wire-client.ts';

/** More of them look longer for something new. */
const RUNS = Number(process.env['ASIDE_FUZZ_RUNS'] ?? 60);
const PEOPLE = ['anna', 'bert', 'Carl'];
const SLOTS = 4;
const uuids = Array.from({ length: 4 }, (_, i) => `00000000-0000-7000-8000-00000000000${i}`);

// The same in every run, so that a seed tells all.
const machines = uuids.slice(0, SLOTS).map((own) => ({ ...machine(), id: own }));

const from = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const name = from(
  'anna',
  'bert',
  'Carl',
  'ANNA',
  'nobody',
  'd\u00f6ra',
  '',
  ' ',
  '\ud800',
  'x'.repeat(33),
  '__proto__',
);
const password = from(PASSWORD, PASSWORD, PASSWORD, 'not the password', '', '\u{1f600}'.repeat(8));
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  from('hello', 'hello', '\u0000', 'x'.repeat(8_193)),
);
const base64 = from('AAAA', 'QQ==', '', '!', 'A'.repeat(10_924));
const id = from(...uuids, 'x');
const device = from(...machines);
/** `token:2` stands for what the client in that place holds just then. */
const token = fc.oneof(
  fc.nat(SLOTS - 1).map((slot) => `token:${slot}`),
  from('x', `${'A'.repeat(22)}.${'A'.repeat(43)}`),
);
const after = fc.option(name, { nil: undefined });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Parameters that mostly fit, for every method there is. */
const paramsOf: { readonly [M in ClientMethod]: fc.Arbitrary<object> } = {
  'account.register': fc.record({ username: name, password, device, invite: optional(from('x')) }),
  'session.signIn': fc.record({ username: name, password, device, takeOver: optional(fc.boolean()) }),
  'session.resume': fc.record({ token, device }),
  'session.signOut': fc.constant({}),
  'session.ping': fc.constant({}),
  'session.activity': fc.constant({}),
  'account.changePassword': fc.record({ password, newPassword: from(PASSWORD, 'short') }),
  'account.delete': fc.record({ password }),
  'people.search': fc.record({ prefix: name, limit: optional(from(1, 100, 101)) }),
  'presence.online': fc.record({ after }),
  'presence.history': fc.record({ seconds: from(0, 60, 1e9, Number.MAX_SAFE_INTEGER), after }),
  'message.send': fc.record({ id, to: name, text }),
  'message.confirm': fc.record({ through: from(0, 1, 2, 3, 10, Number.MAX_SAFE_INTEGER) }),
  'message.broadcast': fc.record({ id, text }),
  'typing.set': fc.record({ to: name, typing: fc.boolean() }),
  'blacklist.add': fc.record({ username: name }),
  'blacklist.remove': fc.record({ username: name }),
  'blacklist.list': fc.record({ after }),
  'private.request': fc.record({ sid: id, to: name, offer: base64, note: optional(text) }),
  'private.answer': fc.record({ sid: id, accept: fc.boolean(), answer: optional(base64) }),
  'private.signal': fc.record({ sid: id, payload: base64, observed: optional(fc.boolean()) }),
  'private.cancel': fc.record({ sid: id, reason: optional(text) }),
  'private.end': fc.record({ sid: id, reason: optional(text) }),
  'private.relay': fc.record({ sid: id }),
};
const methods = Object.keys(CLIENT_PARAMS) as ClientMethod[];

type Step =
  | { kind: 'request' | 'notify'; slot: number; method: ClientMethod; params: object }
  | { kind: 'line'; slot: number; line: string | Uint8Array }
  | { kind: 'drop' | 'stick'; slot: number }
  | { kind: 'fail'; method: keyof Store }
  | { kind: 'wait'; ms: number }
  | { kind: 'settle' };

const slot = fc.nat(SLOTS - 1);
const call = (kind: 'request' | 'notify', of: readonly ClientMethod[]) =>
  from(...of).chain((method) =>
    fc.record({ kind: fc.constant(kind), slot, method: fc.constant(method), params: paramsOf[method] }),
  );
/** A request with one member too many, too few, or of another kind. */
const bent = call('request', methods).chain((step) =>
  fc.record({
    kind: fc.constant('request' as const),
    slot: fc.constant(step.slot),
    method: fc.constant(step.method),
    params: fc
      .tuple(
        fc.oneof(fc.constantFrom('extra', 'constructor', '__proto__'), from(...Object.keys(step.params), 'id')),
        fc.jsonValue(),
      )
      .map(([member, value]) => JSON.parse(JSON.stringify({ ...step.params, [`${member}`]: value })) as object),
  }),
);
const raw = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc.uint8Array({ maxLength: 200 }),
  fc
    .record({
      jsonrpc: from<unknown>('2.0', '1.0', 2),
      id: fc.jsonValue(),
      method: from<unknown>(...methods, 'no.such', 7),
      params: fc.jsonValue(),
    })
    .map((value) => JSON.stringify(value)),
  from('['.repeat(4_000), '{"a":'.repeat(800), `"${'\\u0000'.repeat(600)}"`, '1e999', '{"jsonrpc":"2.0","id":1e999}'),
);
const faults = [
  'appendMail',
  'readMail',
  'removeMail',
  'saveTokenFamily',
  'addBlock',
  'removeBlock',
  'deleteAccount',
  'saveLockout',
  'registerAccount',
  'openInterval',
  'passwordHash',
  'tokenFamily',
  'intervalsSince',
] as const;
const AMONG_PEOPLE: ClientMethod[] = [
  'session.resume',
  'message.send',
  'message.send',
  'blacklist.add',
  'blacklist.remove',
  'private.request',
  'private.answer',
  'private.signal',
];
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: call('request', methods) },
  { weight: 8, arbitrary: call('request', AMONG_PEOPLE) },
  { weight: 4, arbitrary: call('notify', CLIENT_NOTIFICATIONS) },
  { weight: 1, arbitrary: bent },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('line' as const), slot, line: raw }) },
  { weight: 2, arbitrary: fc.record({ kind: from('drop' as const, 'stick' as const), slot }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), method: from(...faults) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: from(250, 2_000, 10_000, 61_000) }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'settle' as const }) },
);

/** A server, some clients in their places, and what each has asked. */
class Play {
  readonly clients: MemoryClient[] = [];
  readonly #asked = new Map<MemoryClient, Map<string, ClientMethod>>();
  #places: (MemoryClient | undefined)[] = [];
  #count = 0;

  constructor(readonly server: InMemoryServer) {}

  at(place: number): MemoryClient {
    const here = this.#places[place];
    if (here && !here.isClosed && !here.connection.isClosing) return here;
    const client = this.server.connect({ device: machines[place] ?? machine() });
    this.#asked.set(client, new Map());
    this.#places[place] = client;
    this.clients.push(client);
    // Most connections are signed in; the last one is for unauthenticated requests.
    const username = PEOPLE[place];
    if (username !== undefined) {
      this.ask(place, 'session.signIn', { username, password: PASSWORD, device: machines[place], takeOver: true });
    }
    return client;
  }

  async do(what: Step): Promise<void> {
    switch (what.kind) {
      case 'request':
        this.ask(what.slot, what.method, what.params);
        break;
      case 'notify':
        this.at(what.slot).sendRaw(JSON.stringify({ jsonrpc: '2.0', method: what.method, params: what.params }));
        break;
      case 'line':
        this.at(what.slot).sendRaw(what.line);
        break;
      case 'drop':
        this.at(what.slot).drop();
        break;
      case 'stick':
        this.at(what.slot).connection.isStuck = true;
        break;
      case 'fail':
        this.server.disk.fail(what.method);
        break;
      case 'wait':
        this.server.clock.advance(what.ms);
        break;
      case 'settle':
        await this.server.settle();
        break;
    }
  }

  ask(place: number, method: ClientMethod, params: object): void {
    const client = this.at(place);
    const key = `q${this.#count++}`;
    const given = { ...params };
    if ('token' in given && typeof given.token === 'string' && given.token.startsWith('token:')) {
      given.token = this.#tokenOf(this.#places[Number(given.token.slice(6))]);
    }
    const line = JSON.stringify({ jsonrpc: '2.0', id: key, method, params: given });
    // Longer ones end the connection unread.
    if (new TextEncoder().encode(line).length <= client.connection.lineLimit) this.#asked.get(client)?.set(key, method);
    client.sendRaw(line);
  }

  #tokenOf(client: MemoryClient | undefined): string {
    const signedIn = client?.lines.findLast(({ result }) => typeof result === 'object' && result && 'token' in result);
    return (signedIn?.result as { token: string } | undefined)?.token ?? 'none';
  }

  /** Errors in the lines of the server. */
  *problems(): Generator<string> {
    for (const client of this.clients) {
      const asked = this.#asked.get(client) ?? new Map<string, ClientMethod>();
      const answers = new Map<string, number>();
      for (const line of client.lines) {
        yield* problemsOf(line, asked);
        if (typeof line.id === 'string' && line.id.startsWith('q'))
          answers.set(line.id, (answers.get(line.id) ?? 0) + 1);
      }
      const isOpen = !client.isClosed && !client.connection.isClosing;
      for (const [key, method] of asked) {
        const count = answers.get(key) ?? 0;
        if (count > 1) yield `${method} was answered ${count} times`;
        if (count === 0 && isOpen) yield `${method} was not answered`;
      }
    }
    yield* this.server.bugs();
  }
}

function* problemsOf(line: ServerLine, asked: ReadonlyMap<string, ClientMethod>): Generator<string> {
  if (line.method === 'session.ping') return;
  if (line.method !== undefined) {
    // The private ones have their schemas with the client that reads them.
    if (line.method.startsWith('private.') && !Object.hasOwn(SERVER_PARAMS, line.method)) return;
    const known = Object.hasOwn(SERVER_PARAMS, line.method);
    const schema = known ? SERVER_PARAMS[line.method as keyof typeof SERVER_PARAMS] : undefined;
    if (!schema?.safeParse(line.params).success) yield `a notification that does not fit: ${JSON.stringify(line)}`;
    return;
  }
  if (line.error) {
    const data = errorData.safeParse(line.error.data);
    const reason = data.success ? data.data.reason : '';
    const known = Object.hasOwn(REASONS, reason) ? (reason as Reason) : undefined;
    if (known === undefined || REASONS[known] !== line.error.code || refusals[known] !== line.error.message) {
      yield `a refusal that does not fit: ${JSON.stringify(line)}`;
    }
    return;
  }
  const method = asked.get(String(line.id));
  const schema = method && Object.hasOwn(RESULTS, method) ? RESULTS[method as keyof typeof RESULTS] : undefined;
  if (schema && !schema.safeParse(line.result).success)
    yield `a result that does not fit ${method}: ${JSON.stringify(line)}`;
}

async function play(steps: readonly Step[]): Promise<string[]> {
  const folder = new StoreFolder();
  try {
    const server = await InMemoryServer.start(folder, { config: { timeoutSeconds: 120, blockSeconds: 20 } });
    const round = new Play(server);
    for (const [place, username] of PEOPLE.entries()) {
      await server.connect({ device: machine() }).register(username);
      round.at(place);
    }
    await server.settle();
    for (const what of steps) await round.do(what);
    server.disk.heal();
    for (let i = 0; i < 8; i++) {
      await server.settle();
      server.clock.advance(500);
    }
    await server.settle();
    const problems = [...round.problems()];
    for (const client of round.clients) client.drop();
    await server.person('the-last-one');
    await server.stop();
    return problems;
  } finally {
    await folder.cleanUp();
  }
}

it(
  'Server answers every request once or closes the connection, and keeps working, under arbitrary input (ASIDE-3.4-10)',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 150, size: 'max' }), async (steps) => {
        expect(await play(steps)).toEqual([]);
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: RUNS * 500 },
    );
  },
  20_000 + RUNS * 1_000,
);
