// Measurements of an open app.
import { setTimeout as delay } from 'node:timers/promises';
import {
  startFrames,
  startWatching,
  stopFrames,
  stopWatching,
  timeCommands,
  watchSearching,
  watchSending,
} from './in-page.mjs';
import { memoryOf } from './processes.mjs';

/** @typedef {import('playwright-core').Page} Page */

const WHEEL_SPEED = 3_000;
const WHEEL_PIXELS = 15_000;
const PULLS = 3;
const PULL_STEPS = 90;
const SENT = 20;
/** Longest wait for a page of messages; after it, there is none. */
const PAGE_MS = 5_000;
/** Words of the catalogue: src/shared/text/en.ts. */
const LOOKING = 'Looking…';

const QUERIES = [
  'plumber',
  'karen',
  'the table',
  'scripts/backup',
  'zanbi ticle',
  'käse',
  '😀',
  'ho',
  'total prices',
  'nothing like this',
];

/** Duration of a search in the host, measured in the page. @param {Page} page @param {string} conversation */
export async function search(page, conversation) {
  const asked = QUERIES.flatMap((text) => [
    { text, limit: 50 },
    { text, limit: 50, conversation },
  ]);
  return (await page.evaluate(timeCommands, { command: 'history.search', asked })).map(({ ms }) => ms);
}

/** From a letter in the search field to its results on the screen. @param {Page} page @returns {Promise<number[]>} */
export async function searchInWindow(page) {
  await page.evaluate(watchSearching, LOOKING);
  await page.keyboard.press('Control+Shift+f');
  const field = page.getByRole('searchbox');
  let letters = 0;
  for (const text of QUERIES) {
    await field.fill('');
    for (const letter of text) {
      letters++;
      await field.pressSequentially(letter);
      await delay(180);
    }
  }
  const times = await page.evaluate(() => /** @type {number[]} */ (/** @type {any} */ (globalThis).searched));
  if (times.length < letters) throw new Error(`only ${times.length} of ${letters} letters came to a result`);
  await page.keyboard.press('Escape');
  return times;
}

/** Scrolls with the wheel. @param {Page} page @param {number} yDistance positive: up */
async function wheel(page, yDistance) {
  const session = await page.context().newCDPSession(page);
  await session.send('Input.synthesizeScrollGesture', {
    x: 760,
    y: 400,
    yDistance,
    speed: WHEEL_SPEED,
    gestureSourceType: 'mouse',
    preventFling: true,
  });
  await session.detach();
}

/** Drags the scroll bar to the top, repeatedly while older messages load. @param {Page} page */
async function pull(page) {
  const feed = page.getByRole('feed');
  for (let n = 0; n < PULLS; n++) {
    const { x, top, bottom } = await feed.evaluate((element) => {
      const box = element.getBoundingClientRect();
      const bar = box.width - element.clientWidth;
      const share = (element.scrollTop + element.clientHeight / 2) / element.scrollHeight;
      return { x: box.right - bar / 2, top: box.top + 2, bottom: box.top + share * box.height };
    });
    await page.mouse.move(x, bottom);
    await page.mouse.down();
    for (let step = 1; step <= PULL_STEPS; step++) {
      await page.mouse.move(x, bottom + ((top - bottom) * step) / PULL_STEPS);
      await delay(8);
    }
    await page.mouse.up();
  }
}

/**
 * Scrolls through older messages and back, by wheel and by scroll bar.
 * @param {Page} page
 * @returns {Promise<{ gaps: number[], longest: number }>} milliseconds between frames; `longest`: processor time of the
 * page's longest piece of work, whatever else the machine did
 */
export async function scrolling(page) {
  const stop = await traceWork(page);
  await page.evaluate(startFrames);
  await wheel(page, WHEEL_PIXELS);
  await wheel(page, -WHEEL_PIXELS);
  await pull(page);
  const gaps = await page.evaluate(stopFrames);
  const longest = await stop();
  await toEnd(page);
  return { gaps, longest };
}

/** @param {Page} page @returns {Promise<{ worst: number, blank: number }>} */
export async function stability(page) {
  await page.evaluate(startWatching);
  await wheel(page, WHEEL_PIXELS);
  const watched = await page.evaluate(stopWatching);
  await toEnd(page);
  return watched;
}

/** @param {Page} page */
async function toEnd(page) {
  const button = page.getByRole('button', { name: 'To the newest message' });
  if (await button.isVisible()) await button.click();
}

/** @param {Page} page @returns {Promise<{ ms: number, frames: number }[]>} */
export async function send(page) {
  await page.evaluate(watchSending);
  const area = page.locator('textarea');
  for (let n = 0; n < SENT; n++) {
    await area.fill(`A short message, the ${n}th of ${Date.now()}`);
    // Avoid the rhythm of the frames.
    await delay(150 + n * 7);
    await area.press('Enter');
    await page.waitForFunction((count) => /** @type {any} */ (globalThis).sent.length > count, n);
  }
  return await page.evaluate(() => /** @type {any} */ (globalThis).sent);
}

/**
 * A burst of messages arrives in the open conversation.
 * @param {Page} page @param {number} count @param {() => void} begin @param {(n: number) => string} textOf
 * @returns {Promise<{ ms: number, longest: number }>} until the last is in sight, the sender's and the server's work included; the page's longest task; milliseconds
 */
export async function burst(page, count, begin, textOf) {
  await toEnd(page);
  // The sender may have lost its connection, too.
  await page
    .getByRole('main')
    .getByText(/^Online · /)
    .waitFor();
  const stop = await traceWork(page);
  const feed = page.getByRole('feed');
  const began = performance.now();
  begin();
  await feed.getByText(textOf(count - 1)).waitFor({ timeout: 120_000 });
  const ms = performance.now() - began;
  return { ms, longest: await stop() };
}

/**
 * Scrolls up page by page with the key for the first loaded message, at most to the beginning.
 * @param {Page} page @param {number} pages at most
 * @returns {Promise<number>} how many came
 */
export async function goUp(page, pages) {
  await page.getByRole('feed').focus();
  let before = Number.MAX_SAFE_INTEGER;
  for (let n = 0; n < pages; n++) {
    await page.keyboard.press('Home');
    // A page of older messages moves the first message down in the list.
    const came = page.waitForFunction(
      (last) => {
        const row = document.activeElement?.closest('[data-index]');
        if (!(row instanceof HTMLElement)) return undefined;
        const position = Number(row.dataset.position);
        return position < last && Number(row.dataset.index) > 0 ? { position } : undefined;
      },
      before,
      { timeout: PAGE_MS },
    );
    try {
      before = (await (await came).jsonValue())?.position ?? before;
    } catch {
      return n;
    }
  }
  return pages;
}

/** Process of the page: the largest of its kind; the browser has spare ones. @param {Page} page */
async function processesOf(page) {
  const browser = page.context().browser();
  if (browser === null) throw new Error('no browser');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const all = processInfo.map(({ type, id }) => ({ type, id, ...memoryOf(id) }));
  const renderer = all.filter(({ type }) => type === 'renderer').sort((one, other) => other.pss - one.pss)[0];
  if (renderer === undefined) throw new Error('no page');
  return { renderer, others: all.filter((one) => one !== renderer) };
}

/**
 * Memory of Aside: its page in the browser, and its host. The browser's own memory is reported separately.
 * @param {Page} page @param {number} hostPid
 */
export async function memory(page, hostPid) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
  const { renderer, others } = await processesOf(page);
  return {
    page: renderer.pss,
    host: memoryOf(hostPid).pss,
    heap: heap / 1e6,
    browser: others.reduce((sum, { pss }) => sum + pss, 0),
  };
}

/**
 * Traces the page's main thread until the returned function is called.
 * @param {Page} page @returns {Promise<() => Promise<number>>} processor time of the longest task, milliseconds
 */
async function traceWork(page) {
  const browser = page.context().browser();
  if (browser === null) throw new Error('no browser');
  const { renderer } = await processesOf(page);
  const session = await browser.newBrowserCDPSession();
  let longest = 0;
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const { name, pid, tid, tdur = 0 } of /** @type {any[]} */ (value)) {
      // The main thread of a process has the number of the process.
      if (name !== 'ThreadControllerImpl::RunTask' || pid !== renderer.id || tid !== renderer.id) continue;
      longest = Math.max(longest, tdur / 1_000);
    }
  });
  const traceConfig = { includedCategories: ['toplevel'], excludedCategories: ['*'] };
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
  return async () => {
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    await session.detach();
    return longest;
  };
}
