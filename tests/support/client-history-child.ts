// Writes messages into a history until it is killed, and prints each id after the history has returned.
import { SqliteHistory } from '../../src/node/history/sqlite-history.ts';

const [file = '', kind = '', encryptionKey] = process.argv.slice(2);
const history = new SqliteHistory(file, { encryptionKey });
for (let n = 0; n < 1_000_000; n++) {
  const id = `018c3f5e-0000-7000-8000-${String(n).padStart(12, '0')}`;
  const message = { id, conversation: '@hans', from: 'hans', to: 'kevin', text: `text ${n}`, at: n };
  if (kind === 'incoming') history.commit([message], []);
  else history.addOutgoing({ ...message, from: 'kevin', to: 'hans', status: { state: 'queued', attempted: false } });
  process.stdout.write(`${n}\n`);
}
