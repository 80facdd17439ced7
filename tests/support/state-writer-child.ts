// Writes many drafts into a state file one by one, like an app that shares the file with others; or dies with the lock.
import { setTimeout } from 'node:timers/promises';
import { StateFile } from '../../src/host/account/state-file.ts';
import { lockFile } from '../../src/node/file-lock.ts';

const PAUSE_MS = 5;
const [file = '', name = '', count = ''] = process.argv.slice(2);
if (name === 'killed') {
  lockFile(`${file}.lock`);
  process.kill(process.pid, 'SIGKILL');
}
const state = new StateFile(file);
for (let n = 0; n < Number(count); n++) {
  state.writeDraft({ server: { host: '127.0.0.1', port: 12_000 }, username: name }, `@${n}`, `text ${n}`);
  state.flush();
  // An app writes far less often; without a pause this would test the fairness of the disk.
  await setTimeout(PAUSE_MS);
}
