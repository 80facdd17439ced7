// Sets and removes a passphrase, as the app does, and measures how long other work waits meanwhile.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { AppHost } from '../../src/host/app-host.ts';
import { APP_VERSION } from '../../src/host/version.ts';
import { SHELL } from './shell.mjs';

const PASSPHRASE = 'only for this measurement';
/** An address without a server. */
export const SERVER = { host: '127.0.0.1', port: 1 };

/** Creates a profile. @param {string} dataFolder @param {string} username */
export function makeProfile(dataFolder, username) {
  const host = new AppHost({ dataFolder, version: APP_VERSION, shell: SHELL });
  host.openAccount({ server: SERVER, username });
  host.close();
}

/**
 * @param {string} dataFolder
 * @returns {Promise<{ what: string, ms: number, longest: number }[]>} `longest`: without a turn for anything else, milliseconds
 */
export async function protect(dataFolder) {
  const host = new AppHost({ dataFolder, version: APP_VERSION, shell: SHELL });
  const measured = [];
  for (const what of ['set', 'take away']) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const before = performance.now();
    const outcome = await (what === 'set'
      ? host.protection.setPassphrase(PASSPHRASE, undefined)
      : host.protection.removePassphrase(PASSPHRASE));
    measured.push({ what, ms: performance.now() - before, longest: delay.max / 1e6 });
    delay.disable();
    if (!outcome.ok) throw new Error(outcome.failure.reason);
  }
  host.close();
  return measured;
}
