// Functions that run in the measured page. Each is sent there as text, so it cannot use other code of this file.

/**
 * Checks in every frame whether the app is usable: its list is shown, a conversation is open, a typed key is shown.
 * @param {{ friend: string, entries: number }} what
 */
export function watchOpening({ friend, entries }) {
  const page = /** @type {any} */ (globalThis);
  // Everyone, and as many entries as fit.
  const enough = Math.min(entries, 11);
  /** @type {Record<string, number>} */
  const seen = {};
  page.opening = seen;
  const steps = [
    {
      name: 'list',
      holds: () => document.querySelectorAll('nav [data-entry]').length >= enough,
      next: () => {
        const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('nav [data-entry]')]);
        all.find(({ textContent }) => textContent?.includes(friend))?.click();
      },
    },
    {
      name: 'thread',
      holds: () => document.querySelectorAll('[role=feed] article').length > 5,
      next: () => page.pressKey(),
    },
    { name: 'key', holds: () => (document.querySelector('textarea')?.value ?? '') !== '', next: () => undefined },
  ];
  let place = 0;
  const look = () => {
    const step = steps[place];
    if (step === undefined) return;
    if (step.holds()) {
      place++;
      // This frame paints it; the next frame starts after that.
      requestAnimationFrame(() => {
        seen[step.name] = performance.timeOrigin + performance.now();
        step.next();
      });
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/**
 * Sends commands to the host like the window, over a WebSocket of this page's origin.
 * @param {{ command: string, asked: object[] }} what one set of parameters after the other
 * @returns {Promise<{ ms: number, count: number }[]>}
 */
export async function timeCommands({ command, asked }) {
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/socket`);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const times = [];
  for (const [id, params] of asked.entries()) {
    const before = performance.now();
    socket.send(JSON.stringify({ id, command, params }));
    /** @type {any} */
    const { outcome } = await new Promise((resolve) =>
      socket.addEventListener('message', ({ data }) => resolve(JSON.parse(data)), { once: true }),
    );
    times.push({ ms: performance.now() - before, count: outcome.result.messages.length });
  }
  socket.close();
  return times;
}

/** Records the start of every frame until `stopFrames`. */
export function startFrames() {
  const page = /** @type {any} */ (globalThis);
  const frames = { starts: /** @type {number[]} */ ([]), running: true };
  page.frames = frames;
  const next = (/** @type {number} */ time) => {
    frames.starts.push(time);
    if (frames.running) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

/** @returns {number[]} milliseconds from one frame to the next */
export function stopFrames() {
  const { frames } = /** @type {any} */ (globalThis);
  frames.running = false;
  const { starts } = /** @type {{ starts: number[] }} */ (frames);
  return starts.slice(1).map((time, place) => time - (starts[place] ?? time));
}

/** Records in every frame how far each message moves, until `stopWatching`. */
export function startWatching() {
  const page = /** @type {any} */ (globalThis);
  const watch = { worst: 0, blank: 0, running: true };
  page.watch = watch;
  /** @type {Map<string, number>} */
  let before = new Map();
  const next = () => {
    const feed = document.querySelector('[role=feed]');
    if (feed !== null) {
      const { top, bottom } = feed.getBoundingClientRect();
      const rows = /** @type {HTMLElement[]} */ ([...feed.querySelectorAll('[data-position]')]);
      const places = rows.map((one) => ({ key: one.dataset.position ?? '', ...one.getBoundingClientRect().toJSON() }));
      const inSight = places.filter((place) => place.bottom > top && place.top < bottom);
      if (inSight.length === 0) watch.blank++;
      const moves = inSight.flatMap(({ key, bottom: at }) => {
        const was = before.get(key);
        return was === undefined ? [] : [at - was];
      });
      // While the user scrolls up, messages move down; a message that moves up has jumped.
      watch.worst = Math.max(watch.worst, ...moves.map((move) => -move));
      before = new Map(places.map(({ key, bottom: at }) => [key, at]));
    }
    if (watch.running) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

/** @returns {{ worst: number, blank: number }} pixels in the wrong direction, and frames without any message */
export function stopWatching() {
  const { watch } = /** @type {any} */ (globalThis);
  watch.running = false;
  return watch;
}

/**
 * Records for every Enter when the sent text is on the screen.
 * `frames`: painted without it, between the key and the frame that shows it.
 */
export function watchSending() {
  const page = /** @type {any} */ (globalThis);
  /** @type {{ ms: number, frames: number }[]} */
  const sent = [];
  page.sent = sent;
  document.addEventListener(
    'keydown',
    (event) => {
      const text = document.querySelector('textarea')?.value ?? '';
      if (event.key !== 'Enter' || text === '') return;
      let frames = 0;
      let shownAt = 0;
      const isShown = () => {
        const last = [...document.querySelectorAll('[role=feed] article')].at(-1);
        return last?.textContent?.includes(text) === true;
      };
      const observer = new MutationObserver(() => {
        if (shownAt > 0 || !isShown()) return;
        shownAt = performance.now();
        observer.disconnect();
      });
      observer.observe(document.body, { subtree: true, childList: true });
      const next = () => {
        if (shownAt === 0) {
          frames++;
          requestAnimationFrame(next);
          return;
        }
        // The first task after the painting of a frame.
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          sent.push({ ms: performance.now() - event.timeStamp, frames });
        };
        channel.port2.postMessage(undefined);
      };
      requestAnimationFrame(next);
    },
    { capture: true },
  );
}

/** Records for every letter in the search field when its results are on the screen. @param {string} looking */
export function watchSearching(looking) {
  const page = /** @type {any} */ (globalThis);
  /** @type {number[]} */
  const times = [];
  page.searched = times;
  let letter = 0;
  document.addEventListener('input', (event) => {
    const mine = ++letter;
    const next = () => {
      if (mine !== letter) return;
      if (document.querySelector('aside [role=status]')?.textContent === looking) {
        requestAnimationFrame(next);
        return;
      }
      const channel = new MessageChannel();
      channel.port1.onmessage = () => times.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(undefined);
    };
    requestAnimationFrame(next);
  });
}
