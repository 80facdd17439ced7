// Pins the certificates of many servers one by one, like a client that shares a data folder with others.
import { setTimeout } from 'node:timers/promises';
import { knownServers, PinsFile } from '../../src/node/pins-file.ts';
import { lockFile } from '../../src/node/file-lock.ts';

const PAUSE_MS = 2;
const [folder = '', name = '', count = ''] = process.argv.slice(2);
if (name === 'killed') {
  lockFile(`${folder}/known-servers.json.lock`);
  process.kill(process.pid, 'SIGKILL');
}
const pins = new PinsFile(knownServers(folder, undefined));
for (let n = 0; n < Number(count); n++) {
  pins.write({ host: name, port: n + 1 }, { fingerprint: 'AA', certificate: 'pem' });
  // A client never pins so many servers at once; without a pause this would test the fairness of the disk.
  await setTimeout(PAUSE_MS);
}
