// What is measured of an app that is open.
import { setTimeout as delay } from 'node:timers/promises';
import {
  startFrames,
  startWatching,
  stopFrames,
  stopWatching,
  timeCommands,
  watchSending,
} from './in-page.mjs';
import { memoryOf } from './processes.mjs';

/** @typedef {import('playwright-core').Page} Page */

const WHEEL_SPEED = 3_000;
const WHEEL_PIXELS = 15_000;
const DRAG_STEPS = 90;
const SENT = 20;

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

/** @param {Page} page @param {string} conversation */
export async function search(page, conversation) {
  const asked = QUERIES.flatMap((text) => [
    { text, limit: 50 },
    { text, limit: 50, conversation },
  ]);
  const times = await page.evaluate(timeCommands, { command: 'history.search', asked });
  return times.map(({ ms, count }, place) => ({ ms, count, what: JSON.stringify(asked[place]) }));
}

/** @param {Page} page @param {string} conversation */
export async function pages(page, conversation) {
  const asked = Array.from({ length: 20 }, () => ({ conversation, limit: 100 }));
  return (await page.evaluate(timeCommands, { command: 'history.page', asked })).map(({ ms }) => ms);
}

/** Scrolls with the wheel: up through pages of the past, and down again. @param {Page} page @param {number} yDistance */
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

/** @param {Page} page */
export async function wheelFrames(page) {
  await page.evaluate(startFrames);
  await wheel(page, WHEEL_PIXELS);
  await wheel(page, -WHEEL_PIXELS);
  return await page.evaluate(stopFrames);
}

/** Takes the scroll bar and pulls it to the top, again and again while the past grows; then down to the end. @param {Page} page */
export async function dragFrames(page) {
  const feed = page.getByRole('feed');
  await page.evaluate(startFrames);
  for (let pull = 0; pull < 3; pull++) {
    const { x, bottom, top } = await feed.evaluate((element) => {
      const box = element.getBoundingClientRect();
      const bar = element.offsetWidth - element.clientWidth;
      const share = (element.scrollTop + element.clientHeight / 2) / element.scrollHeight;
      return { x: box.right - bar / 2, top: box.top + 2, bottom: box.top + share * box.height };
    });
    await page.mouse.move(x, bottom);
    await page.mouse.down();
    for (let step = 1; step <= DRAG_STEPS; step++) {
      await page.mouse.move(x, bottom + ((top - bottom) * step) / DRAG_STEPS);
      await delay(8);
    }
    await page.mouse.up();
  }
  const frames = await page.evaluate(stopFrames);
  await page.keyboard.press('End');
  return frames;
}

/** @param {Page} page */
export async function stability(page) {
  await page.evaluate(startWatching);
  await wheel(page, WHEEL_PIXELS);
  const watched = await page.evaluate(stopWatching);
  await wheel(page, -WHEEL_PIXELS);
  return watched;
}

/** @param {Page} page @returns {Promise<{ ms: number, frames: number, answerMs: number }[]>} */
export async function send(page) {
  await page.evaluate(watchSending);
  const area = page.locator('textarea');
  for (let n = 0; n < SENT; n++) {
    await area.fill(`A short message, the ${n}th of ${Date.now()}`);
    // Never in step with the frames.
    await delay(150 + n * 7);
    await area.press('Enter');
    await page.waitForFunction((count) => /** @type {any} */ (globalThis).sent.length > count, n);
  }
  return await page.evaluate(() => /** @type {any} */ (globalThis).sent);
}

/** How many messages are at hand, by the number that the last one has. @param {Page} page */
const atHand = (page) =>
  page
    .getByRole('feed')
    .getByRole('article')
    .first()
    .evaluate((one) => one.closest('[data-index]')?.parentElement?.offsetHeight ?? 0);

/** Goes up until so many messages have been read. @param {Page} page @param {number} pageCount */
export async function goUp(page, pageCount) {
  await page.getByRole('feed').focus();
  for (let n = 0; n < pageCount; n++) {
    const before = await atHand(page);
    await page.keyboard.press('Home');
    await page.waitForFunction((height) => {
      const row = document.querySelector('[role=feed] [data-index]');
      return (row?.parentElement?.offsetHeight ?? 0) > height + 1_000;
    }, before);
  }
}

/**
 * The memory that Aside takes: its page in the browser, and its host. What the browser needs for itself, with any page,
 * is told beside it.
 * @param {Page} page @param {number} hostPid
 */
export async function memory(page, hostPid) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (/** @type {string} */ name) => metrics.find((one) => one.name === name)?.value ?? 0;
  await session.detach();
  const browser = page.context().browser();
  if (browser === null) throw new Error('no browser');
  const whole = await browser.newBrowserCDPSession();
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  await whole.detach();
  const sizes = processInfo.map(({ type, id }) => ({ type, ...memoryOf(id) }));
  // The one page is the largest; others are kept in reserve by the browser.
  const renderer = sizes.filter(({ type }) => type === 'renderer').sort((one, other) => other.pss - one.pss)[0];
  if (renderer === undefined) throw new Error('no page');
  const others = sizes.filter((one) => one !== renderer);
  return {
    heap: metric('JSHeapUsedSize') / 1e6,
    elements: metric('Nodes'),
    renderer,
    host: memoryOf(hostPid),
    browser: others.reduce((sum, { pss }) => sum + pss, 0),
  };
}
