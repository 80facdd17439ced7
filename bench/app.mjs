// How fast the app is with a long history, in a real browser; see docs/testing.md.
// Usage: npm run bench -- --app [--encrypted] [--rounds 3] [--messages 100000] [--conversations 500]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { bundled } from './app/history.mjs';
import * as measures from './app/measures.mjs';
import { BROWSER_HOST } from './app/processes.mjs';
import { FRIEND, makeWorld } from './app/world.mjs';

const { values } = parseArgs({
  options: {
    app: { type: 'boolean' },
    encrypted: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    messages: { type: 'string', default: '100000' },
    conversations: { type: 'string', default: '500' },
  },
});
const kind = values.encrypted
  ? { program: await bundled('bench/app/host-with-key.mjs'), key: 'only for this measurement: no history is kept' }
  : { program: BROWSER_HOST, key: undefined };
process.stdout.write(`load ${loadavg().map((n) => n.toFixed(1)).join(' ')}\n`);
const world = await makeWorld({ messages: Number(values.messages), conversations: Number(values.conversations), kind });
for (let round = 0; round < Number(values.rounds); round++) {
  const app = await world.open();
  const { times, page, host } = app;
  const t = (k) => Math.round(times[k] - times.start);
  console.log('open', { linked: t('linked'), list: t('list'), thread: t('thread'), key: t('key') });
  const m = await measures.memory(page, host.pid);
  console.log('memory', JSON.stringify(m));
  const found = await measures.search(page, `@${FRIEND}`);
  console.log('search', found.map(({ ms, count, what }) => `${what} ${count} ${ms.toFixed(1)}`).join('\n'));
  console.log('pages', (await measures.pages(page, `@${FRIEND}`)).map((n) => n.toFixed(1)).join(' '));
  console.log('sent', (await measures.send(page)).map((n) => `${n.ms.toFixed(1)}/${n.frames}/${n.answerMs.toFixed(1)}`).join(' '));
  const stats = ({ gaps, long }) => { const s = gaps.toSorted((a, b) => a - b); return { n: s.length, p50: s[s.length >> 1], p99: s[Math.floor(s.length * .99)], max: s.at(-1), over: s.filter((g) => g > 32).length, long }; };
  console.log('wheel', stats(await measures.wheelFrames(page)));
  console.log('drag', stats(await measures.dragFrames(page)));
  console.log('stability', await measures.stability(page));
  if (round === 0) { await measures.goUp(page, 100); console.log('memory', JSON.stringify(await measures.memory(page, host.pid))); }
  await app.close();
}
await world.browser.close();
process.exit(0);
