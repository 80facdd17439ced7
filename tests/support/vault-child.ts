// Sets or removes the passphrase of a data folder, as the app does, and kills itself right before a chosen step that
// changes the disk; or simulates a full disk from a chosen write on.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { AppHost } from '../../src/host/app-host.ts';
import { runHostCommand } from '../../src/host/host-commands.ts';
import { succeeded } from '../../src/shared/client-api/failure.ts';
import type { HostCommandName } from '../../src/shared/client-api/host.ts';
import { CHEAP_KEY } from './cheap-key.ts';

const [work = '', dataFolder = '', passphrase = '', step = '', fault = 'kill'] = process.argv.slice(2);
let left = Number(step);
let armed = false;
/** Calls that change the disk: not reads, and not the removal of a missing file. */
const changes: Readonly<Record<string, (file: unknown, flags: unknown) => boolean>> = {
  openSync: (_file, flags) => flags !== 'r' && flags !== 'r+',
  writeSync: () => true,
  linkSync: () => true,
  renameSync: () => true,
  rmSync: (file) => fs.existsSync(String(file)),
};
for (const [name, matters] of Object.entries(changes)) {
  const original = Reflect.get(fs, name) as (...args: unknown[]) => unknown;
  Object.assign(fs, {
    [name]: (...args: unknown[]): unknown => {
      if (armed && fault === 'kill' && matters(args[0], args[1]) && left-- === 0) process.kill(process.pid, 'SIGKILL');
      if (armed && fault === 'full' && name === 'writeSync' && left-- <= 0) {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      }
      return original(...args);
    },
  });
}
syncBuiltinESMExports();

const host = new AppHost({
  keyCost: CHEAP_KEY,
  dataFolder,
  version: '1',
  shell: {
    kind: 'browser',
    openLink: async () => succeeded({}),
    notify: () => succeeded({}),
    setUnread: () => undefined,
    preferences: () => undefined,
  },
});
let ok = true;
const ask = async (name: HostCommandName, params: object): Promise<void> => {
  ({ ok } = await runHostCommand(host, name, params));
};
if (work === 'set') {
  armed = true;
  await ask('host.setPassphrase', { passphrase });
} else {
  await ask('host.unlock', { passphrase });
  armed = true;
  if (ok) await ask('host.removePassphrase', { current: passphrase });
}
armed = false;
// The account is open again, or the user sees why not.
const reported = host.account !== undefined || host.read().hostState.problem !== undefined;
host.close();
process.exit(ok ? 0 : reported ? 2 : 3);
