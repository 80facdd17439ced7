// Sets a passphrase in a data folder, as the app does, and ends itself by SIGKILL right before a chosen step to the disk.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { AppHost } from '../../src/host/app-host.ts';
import { succeeded } from '../../src/shared/client-api/failure.ts';

const [dataFolder = '', passphrase = '', step = ''] = process.argv.slice(2);
let left = Number(step);
let armed = false;
for (const name of ['openSync', 'writeSync', 'fsyncSync', 'linkSync', 'renameSync', 'rmSync'] as const) {
  const original = fs[name] as (...args: unknown[]) => unknown;
  Object.assign(fs, {
    [name]: (...args: unknown[]): unknown => {
      if (armed && left-- === 0) process.kill(process.pid, 'SIGKILL');
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
armed = true;
const { ok } = await host.setPassphrase(passphrase, undefined);
armed = false;
host.close();
process.exit(ok ? 0 : 1);
