// Remembers the certificates of many servers, each by itself, as a client does that shares a data folder with others.
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
  // Nobody meets so many servers at once; without any pause this would try how fair the disk is.
  await setTimeout(PAUSE_MS);
}
