import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/** The server's numbers for one scrape. All but the first four only grow. */
export interface Measured {
  readonly accounts: number;
  readonly connections: number;
  readonly sessions: number;
  readonly online: number;
  /** By outcome. */
  readonly messages: Readonly<Record<string, number>>;
  /** By limit. */
  readonly refusedConnections: Readonly<Record<string, number>>;
  readonly tunnels: number;
  readonly tunnelBytes: number;
}

export interface OpsOptions {
  /** On 127.0.0.1 only. */
  readonly port: number;
  measure(): Measured;
  /** Whether the server accepts clients: false while it stops. */
  isReady(): boolean;
}

export interface OpsServer {
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const CONNECTIONS = 64;

/**
 * Serves `/metrics` (Prometheus), `/health` and `/ready` for the operator (I2).
 * Rejects with the operating system's error if it cannot listen.
 */
export async function startOpsServer({ port, measure, isReady }: OpsOptions): Promise<OpsServer> {
  const registry = makeRegistry(measure);
  const server = createServer((request, response) => {
    answer(request, response, registry, isReady).catch(() => response.destroy());
  });
  server.maxConnections = CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: HOST }, resolve);
  });
  server.removeAllListeners('error').on('error', () => {});
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  registry: Registry,
  isReady: () => boolean,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') {
    plain(response.setHeader('allow', 'GET, HEAD'), 405, 'only GET\n');
    return;
  }
  switch (url ?? '') {
    case '/metrics':
      response.setHeader('content-type', registry.contentType);
      response.end(await registry.metrics());
      return;
    case '/health':
      plain(response, 200, 'ok\n');
      return;
    case '/ready':
      if (isReady()) plain(response, 200, 'ready\n');
      else plain(response, 503, 'stopping\n');
      return;
    default:
      plain(response, 404, 'there are /metrics, /health and /ready\n');
  }
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

function makeRegistry(measure: () => Measured): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, value: (measured: Measured) => number): void => {
    const made: Gauge = new Gauge({ name, help, registers: [registry], collect: () => made.set(value(measure())) });
  };
  const counter = (
    name: string,
    help: string,
    labelNames: string[],
    values: (measured: Measured) => readonly (readonly [label: string, value: number])[],
  ): void => {
    const made: Counter = new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect: () => {
        made.reset();
        for (const [label, value] of values(measure()))
          made.inc(Object.fromEntries(labelNames.map((l) => [l, label])), value);
      },
    });
  };
  gauge('aside_accounts', 'Accounts on this server', ({ accounts }) => accounts);
  gauge('aside_connections', 'Open connections', ({ connections }) => connections);
  gauge('aside_sessions', 'Connections on which a user is signed in', ({ sessions }) => sessions);
  gauge('aside_people_online', 'Accounts that count as online', ({ online }) => online);
  counter('aside_messages_total', 'Messages by outcome', ['outcome'], ({ messages }) => Object.entries(messages));
  counter('aside_connections_refused_total', 'Connections rejected, by limit', ['limit'], ({ refusedConnections }) =>
    Object.entries(refusedConnections),
  );
  counter('aside_tunnels_total', 'Blind tunnels joined', [], ({ tunnels }) => [['', tunnels]]);
  counter('aside_tunnel_bytes_total', 'Bytes carried by blind tunnels', [], ({ tunnelBytes }) => [['', tunnelBytes]]);
  return registry;
}
