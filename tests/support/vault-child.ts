// Sets a passphrase in a data folder or takes it away, as the app does, and ends itself by SIGKILL right before a chosen step
// that changes something on the disk; or finds the disk full from a chosen writing on.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { AppHost } from '../../src/host/app-host.ts';
import { runHostCommand } from '../../src/host/host-commands.ts';
import { succeeded } from '../../src/shared/client-api/failure.ts';
import type { HostCommandName } from '../../src/shared/client-api/host.ts';

const [work = '', dataFolder = '', passphrase = '', step = '', fault = 'kill'] = process.argv.slice(2);
let left = Number(step);
let armed = false;
/** Reading, and removing what is not there, leaves the disk as it is. */
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
// The account goes on, or the person is told why not.
const told = host.account !== undefined || host.read().facts.problem !== undefined;
host.close();
process.exit(ok ? 0 : told ? 2 : 3);
