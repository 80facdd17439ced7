import { readFileSync } from 'node:fs';
import { createLog, type Log } from './ops/log.ts';
import { parseConfig } from './parse-config.ts';
import { run, StartError } from './run.ts';
import type { ServerConfig } from './config.ts';

/** Longest time of a stop (A6). Writes that are not flushed by then were not answered either. */
const STOP_MS = 4_500;

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

type State = { kind: 'starting' } | { kind: 'running'; stop(): Promise<void> } | { kind: 'stopping' };

function main(): void {
  // A closed output pipe must not stop the server.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const parsed = parseConfig(process.argv.slice(2), process.env, (path) => readFileSync(path, 'utf8'));
  switch (parsed.kind) {
    case 'print':
      process.stdout.write(parsed.text);
      return;
    case 'usage':
      process.stderr.write(`${parsed.message}\n`);
      process.exitCode = EXIT_USAGE;
      return;
    case 'run':
      void serve(parsed.config);
  }
}

async function serve(config: ServerConfig): Promise<void> {
  // Makes every new file private to its owner (A1).
  process.umask(0o077);
  const log = createLog({
    level: config.logLevel,
    format: config.logFormat,
    write: (line) => process.stderr.write(line),
  });
  let state: State = { kind: 'starting' };
  const end = (exitCode: number): void => {
    if (state.kind === 'starting') process.exit(exitCode);
    if (state.kind === 'stopping') process.exit(EXIT_FAILED);
    const { stop } = state;
    state = { kind: 'stopping' };
    void stopInTime(stop, exitCode, log);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(0));
  process.on('uncaughtException', (error) => {
    log.error('crashed', { error: error.stack ?? String(error) });
    process.exit(EXIT_FAILED);
  });
  try {
    const running = await run({
      config,
      log,
      storeWorkerUrl: new URL('./store-worker.js', import.meta.url),
      print: (text) => process.stdout.write(text),
      onFatal: () => end(EXIT_FAILED),
    });
    state = { kind: 'running', stop: () => running.stop() };
  } catch (error) {
    process.stderr.write(`${error instanceof StartError ? error.message : String(error)}\n`);
    process.exit(EXIT_FAILED);
  }
}

async function stopInTime(stop: () => Promise<void>, exitCode: number, log: Log): Promise<void> {
  log.info('stopping');
  const deadline = setTimeout(() => {
    log.warn('stopped-late');
    process.exit(exitCode);
  }, STOP_MS);
  try {
    await stop();
    log.info('stopped');
    process.exit(exitCode);
  } catch (error) {
    log.error('stop-failed', { error: String(error) });
    process.exit(EXIT_FAILED);
  } finally {
    clearTimeout(deadline);
  }
}

main();
