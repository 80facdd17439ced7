import { type Client, type ClientOptions, createClient } from '../../src/core/client.ts';
import type { HistoryStore } from '../../src/core/ports.ts';
import type { EventName, EventParams, NumberedEvent } from '../../src/shared/client-api/contract.ts';
import { FakeClock, MemoryHistory, MemoryPins, MemorySecrets, SeededRandom } from './client-fakes.ts';
import { memoryPeers } from './peer-ports.ts';
import { ScriptedServer } from './scripted-server.ts';

const DEVICE = {
  id: '018c3f5e-0000-7000-8000-0000000000aa',
  name: 'test',
  identityKey: `MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQg${'A'.repeat(88)}==`,
};

/** A client with a scripted server and fake ports, which all outlive it. */
export class ClientSetup {
  readonly clock = new FakeClock();
  readonly server = new ScriptedServer(this.clock);
  readonly history = new MemoryHistory();
  readonly secrets = new MemorySecrets();
  readonly pins = new MemoryPins();
  readonly peers = memoryPeers();
  readonly random: SeededRandom;
  client: Client;
  events: NumberedEvent[] = [];

  constructor(
    seed = 1,
    private readonly options: Partial<ClientOptions> = {},
    private readonly disk?: HistoryStore,
  ) {
    this.random = new SeededRandom(seed);
    this.client = this.start();
  }

  /** Starts the client; another start simulates a crash of the old one. */
  start(): Client {
    const { clock, server: dialer, secrets, pins, random, peers } = this;
    const history = this.disk ?? this.history;
    this.client = createClient(
      { clock, dialer, history, secrets, pins, random, peers },
      { server: { host: '127.0.0.1', port: 1 }, plaintext: true, device: DEVICE, ...this.options },
    );
    this.client.subscribe((event) => this.events.push(event));
    return this.client;
  }

  /** Signs in as kevin and waits for the result. */
  async online(): Promise<void> {
    const outcome = this.client.run('session.signIn', { username: 'kevin', password: 'correct horse' });
    await this.clock.advance(10);
    if (!(await outcome).ok) throw new Error('signing in failed');
  }

  /** Parameters of all events with this name. */
  emitted<K extends EventName>(name: K): EventParams<K>[] {
    return this.events.filter((event) => event.name === name).map((event) => event.params as EventParams<K>);
  }

  get state(): string {
    return this.client.snapshot().connection.state;
  }
}
