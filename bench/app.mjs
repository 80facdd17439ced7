// Measures the app with a long history: built server and host, a real browser, and a table of figures and their limits.
// Usage: npm run bench -- --app [--encrypted] [--rounds 3] [--messages 100000] [--conversations 500]
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { bundled } from './app/history.mjs';
import * as measures from './app/measures.mjs';
import { BROWSER_HOST } from './app/processes.mjs';
import { burstText, FRIEND, makeWorld } from './app/world.mjs';

const OPEN_MS = 2_000;
const SEARCH_MS = 100;
const FRAME_MS = 32;
const MEGABYTES = 250;
const MOVED_PIXELS = 2;
/** Pages of 100 messages to scroll up before memory is measured a second time. */
const PAGES_UP = 100;
/** Messages of a burst. */
const BURST = 1_000;

const { values } = parseArgs({
  options: {
    app: { type: 'boolean' },
    encrypted: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    messages: { type: 'string', default: '100000' },
    conversations: { type: 'string', default: '500' },
  },
});
const [rounds = 3, messages = 0, conversations = 0] = [values.rounds, values.messages, values.conversations].map(
  Number,
);

/** Figures of all rounds by name. @type {Map<string, number[]>} */
const figures = new Map();
/** @param {string} what @param {readonly number[]} numbers */
const note = (what, numbers) => figures.set(what, [...(figures.get(what) ?? []), ...numbers]);

/** @param {readonly number[]} numbers @param {number} part from 0 to 1 */
function at(numbers, part) {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) * part)] ?? Number.NaN;
}

/** @param {Awaited<ReturnType<typeof makeWorld>>} world @param {boolean} last */
async function round(world, last) {
  const app = await world.open();
  const { page, host, times } = app;
  note('opened, host', [times.linked - times.start]);
  note('opened, list', [times.list - times.start]);
  note('opened', [times.key - times.start]);
  note('page loaded', [times.key - times.navigated]);
  const opened = await measures.memory(page, host.pid);
  note('memory opened', [opened.page + opened.host]);
  note('search, host', await measures.search(page, `@${FRIEND}`));
  note('search', await measures.searchInWindow(page));
  const { gaps, longest } = await measures.scrolling(page);
  note('frames', gaps);
  note('long frames', [gaps.filter((gap) => gap > FRAME_MS).length]);
  note('work', [longest]);
  const { worst, blank } = await measures.stability(page);
  note('moved', [worst]);
  note('blank', [blank]);
  const sent = await measures.send(page);
  note(
    'sent',
    sent.map(({ ms }) => ms),
  );
  note(
    'sent, frames',
    sent.map(({ frames }) => frames),
  );
  await world.stopServer();
  await page.getByText('No connection').first().waitFor();
  const offline = await measures.send(page);
  note(
    'offline',
    offline.map(({ ms }) => ms),
  );
  note(
    'offline, frames',
    offline.map(({ frames }) => frames),
  );
  await world.startServer();
  if (last) {
    const pages = await measures.goUp(page, PAGES_UP);
    const { page: renderer, host: program, heap, browser } = await measures.memory(page, host.pid);
    note('memory scrolled', [renderer + program]);
    process.stdout.write(
      `after ${pages} pages of 100 messages: page ${renderer.toFixed(0)} MB (scripts ${heap.toFixed(0)} MB), host ` +
        `${program.toFixed(0)} MB; the browser's own processes ${browser.toFixed(0)} MB\n`,
    );
  }
  const burst = await measures.burst(page, BURST, () => world.burst(BURST), burstText);
  process.stdout.write(
    `${BURST} messages sent as fast as possible: all visible ${burst.ms.toFixed(0)} ms after it began, longest task ${burst.longest.toFixed(0)} ms\n`,
  );
  await app.close();
}

/** @typedef {{ what: string, of: string, part: number, unit: string, limit: number, judged?: boolean }} Row */

const quiet = (loadavg()[0] ?? 0) < cpus().length / 4;

/** `part`: quantile that is compared with the limit; 0.5: the median. @type {Row[]} */
const ROWS = [
  { what: 'start of the host to usable', of: 'opened', part: 0.5, unit: 'ms', limit: OPEN_MS },
  { what: 'page asked for to usable', of: 'page loaded', part: 0.5, unit: 'ms', limit: OPEN_MS },
  { what: 'search, in the host', of: 'search, host', part: 1, unit: 'ms', limit: SEARCH_MS },
  { what: 'search, letter to results in sight', of: 'search', part: 0.5, unit: 'ms', limit: SEARCH_MS },
  { what: 'scrolling, processor time of a frame', of: 'work', part: 1, unit: 'ms', limit: FRAME_MS },
  { what: 'scrolling, frame to frame', of: 'frames', part: 1, unit: 'ms', limit: FRAME_MS + 2, judged: quiet },
  { what: 'scrolling, frames over 32 ms', of: 'long frames', part: 0.5, unit: '', limit: 0, judged: quiet },
  { what: 'a message in sight moves by', of: 'moved', part: 1, unit: 'px', limit: MOVED_PIXELS },
  { what: 'frames without any message', of: 'blank', part: 1, unit: '', limit: 0, judged: quiet },
  { what: 'frames before a sent bubble', of: 'sent, frames', part: 0.95, unit: '', limit: 0 },
  { what: 'key to sent bubble painted', of: 'sent', part: 0.5, unit: 'ms', limit: FRAME_MS },
  { what: 'the same without the server, frames', of: 'offline, frames', part: 0.95, unit: '', limit: 0 },
  { what: 'the same without the server', of: 'offline', part: 0.5, unit: 'ms', limit: FRAME_MS },
  { what: 'memory of page and host, opened', of: 'memory opened', part: 1, unit: 'MB', limit: MEGABYTES },
  { what: 'the same after 10,000 messages', of: 'memory scrolled', part: 1, unit: 'MB', limit: MEGABYTES },
];

/** @returns {boolean} whether every figure is within its limit */
function report() {
  process.stdout.write(
    `\n${' '.repeat(38)}${'median'.padStart(9)}${'99 %'.padStart(9)}${'worst'.padStart(9)}   promised\n`,
  );
  let kept = true;
  for (const { what, of, part, unit, limit, judged = true } of ROWS) {
    const numbers = figures.get(of) ?? [];
    const columns = [0.5, 0.99, 1].map((one) =>
      at(numbers, one)
        .toFixed(unit === '' ? 0 : 1)
        .padStart(9),
    );
    const good = at(numbers, part) <= limit;
    const which = part === 1 ? '' : part === 0.5 ? ', median' : `, ${part * 100} %`;
    const verdict = judged ? (good ? 'kept' : 'MISSED') : 'not judged: the machine was busy';
    process.stdout.write(`${what.padEnd(38)}${columns.join('')}   ${`${limit} ${unit}`.trim()}${which}: ${verdict}\n`);
    kept &&= good || !judged;
  }
  return kept;
}

const load = loadavg().map((one) => one.toFixed(1));
const where = values.encrypted ? 'encrypted, as on the desktop' : 'not encrypted, as the browser host keeps it';
process.stdout.write(
  `load ${load.join(' ')} on ${cpus().length} processors; ${messages.toLocaleString('en')} messages in one of ${conversations} conversations; history ${where}\n`,
);
const kind = values.encrypted
  ? { program: await bundled('bench/app/host-with-key.mjs'), key: 'only for this measurement: no history is kept' }
  : { program: BROWSER_HOST, key: undefined };
const world = await makeWorld({ messages, conversations, kind });
for (let n = 1; n <= rounds; n++) await round(world, n === rounds);
await world.browser.close();
process.exit(report() ? 0 : 1);
