// Sets a passphrase in a data folder or takes it away, as the app does, and ends itself by SIGKILL right before a chosen step
// that changes something on the disk.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { AppHost } from '../../src/host/app-host.ts';
import { succeeded } from '../../src/shared/client-api/failure.ts';

const [work = '', dataFolder = '', passphrase = '', step = ''] = process.argv.slice(2);
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
      if (armed && matters(args[0], args[1]) && left-- === 0) process.kill(process.pid, 'SIGKILL');
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
if (work === 'set') {
  armed = true;
  ({ ok } = await host.setPassphrase(passphrase, undefined));
} else {
  ({ ok } = await host.unlock(passphrase));
  armed = true;
  if (ok) ({ ok } = await host.removePassphrase(passphrase));
}
armed = false;
host.close();
process.exit(ok ? 0 : 1);
