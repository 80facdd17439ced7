import { afterAll, beforeAll, expect, it } from 'vitest';
import { onlyEmoji, type Piece, readMarkdown } from '../../src/renderer/text/markdown.ts';
import { describeInBrowser } from '../support/browser.ts';
import { hostileTexts, tracesOfCode } from '../support/hostile-texts.ts';
import { PrivateUser, until } from '../support/private-users.ts';
import { browserHost, type StoryHost } from '../support/stories/hosts.ts';
import type { Person } from '../support/stories/person.ts';
import { Stage } from '../support/stories/story.ts';
import { Refused, WireClient } from '../support/wire-client.ts';

const TEXTS = hostileTexts(1_000);
/** So many are under way at once; the window is high enough to show all of them. */
const BATCH = 40;
const TALL = { width: 1_280, height: 4_000 };
const NOTE_CHARACTERS = 280;
const NOTES = 1_000;
/** As often as one person may ask in a row before it is too fast. */
const ASKS_EACH = 20;
/** Number of users that may ask one user at once. */
const ASKERS = 25;
const TELLING_MS = 240_000;

/** Every text that was on the page in one of these places, as a user sees it. */
declare global {
  var shown: Set<string>;
}

/** Lines of all kinds; such a line has no control characters and is short. */
function notesOf(count: number): readonly string[] {
  const texts = hostileTexts(2 * count).filter((text) => !/\p{Cc}/u.test(text));
  return [...new Set(texts.map((text) => text.slice(0, NOTE_CHARACTERS).trim()))].slice(0, count);
}

/** The visible part of a text in Markdown: the words, without the marks. */
function seen(text: string): string {
  const words = (pieces: readonly Piece[]): string =>
    pieces
      .map((piece) => ('inside' in piece ? `${'mark' in piece ? piece.mark : ''}${words(piece.inside)}` : piece.text))
      .join('');
  return onlyEmoji(text) ? text : words(readMarkdown(text));
}

describeInBrowser('1,000 hostile texts, sent through the real server into the real app (G8)', () => {
  let host: StoryHost;
  let stage: Stage;
  let anna: Person;
  beforeAll(async () => {
    host = await browserHost();
    stage = await Stage.set(host, 'plain', { args: ['--message-rate', '0'] });
    anna = stage.person('anna');
    await anna.arrive();
    await anna.page.setViewportSize(TALL);
    await anna.page.evaluate(watch);
  });
  afterAll(async () => {
    await stage?.clear();
    await host?.close();
  });

  const missing = (texts: readonly string[]): Promise<readonly string[]> =>
    anna.page.evaluate((wanted) => wanted.filter((text) => !globalThis.shown.has(text)), texts);
  const allShown = async (texts: readonly string[]): Promise<void> => {
    await expect.poll(() => missing(texts), { timeout: 60_000, interval: 20 }).toEqual([]);
  };
  async function inBatches(texts: readonly string[], send: (batch: readonly string[]) => Promise<unknown>) {
    for (let from = 0; from < texts.length; from += BATCH) {
      const batch = texts.slice(from, from + BATCH);
      await send(batch);
      await allShown(batch.map(seen));
    }
  }

  /** Nothing ran, nothing was made of it but text, and nothing was against the page's policy. */
  async function isHarmless(): Promise<void> {
    const found = await tracesOfCode(anna.page, 'form form');
    expect(found).toEqual({ elements: 0, handlers: 0, links: 0, ran: false });
    await anna.hasNoComplaints();
  }

  it('stay plain text as messages to a user and to everyone', { timeout: TELLING_MS }, async () => {
    const sender = await WireClient.connect(stage.server);
    await sender.register('mallory');
    await anna.open('mallory');
    await inBatches(TEXTS, (batch) =>
      Promise.all(batch.map((text) => sender.request('message.send', { to: 'anna', id: crypto.randomUUID(), text }))),
    );
    await isHarmless();
    await anna.open('Everyone');
    await anna.page.evaluate(() => globalThis.shown.clear());
    await inBatches(TEXTS, (batch) =>
      Promise.all(batch.map((text) => sender.request('message.broadcast', { id: crypto.randomUUID(), text }))),
    );
    await isHarmless();
    sender.socket.destroy();
  });

  it('stay plain text as usernames, if the server accepts them', { timeout: TELLING_MS }, async () => {
    const here: WireClient[] = [];
    for (const name of TEXTS.filter((text) => text.length <= 32 && !/\s/.test(text))) {
      const client = await WireClient.connect(stage.server);
      try {
        await client.register(name);
        here.push(client);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        client.socket.destroy();
      }
    }
    expect(here.length).toBeGreaterThan(20);
    await allShown(here.map(({ username }) => username));
    await Promise.all(
      here.map((client) =>
        client.request('message.send', { to: 'anna', id: crypto.randomUUID(), text: client.username }),
      ),
    );
    for (const { username } of here)
      await anna.page
        .getByRole('navigation')
        .getByTitle(username)
        .or(anna.page.getByRole('navigation').getByText(username, { exact: true }))
        .first()
        .waitFor();
    await isHarmless();
    for (const client of here) client.socket.destroy();
  });

  it('stay plain text as notes of a request to talk aside', { timeout: TELLING_MS }, async () => {
    await anna.page.evaluate(() => globalThis.shown.clear());
    const notes = notesOf(NOTES);
    expect(notes).toHaveLength(NOTES);
    const each = ASKERS * ASKS_EACH;
    for (let from = 0; from < notes.length; from += each) {
      await askAll(`eve${from}-`, notes.slice(from, from + each));
    }
    await isHarmless();
  });

  /** Each note goes with a question of its own, asked and taken back by people who keep within their limits. */
  async function askAll(name: string, notes: readonly string[]): Promise<void> {
    const askers = await Promise.all(
      Array.from({ length: ASKERS }, (_one, count) => PrivateUser.join(`${name}${count}`, stage.server.port)),
    );
    try {
      for (let from = 0; from < notes.length; from += ASKERS) {
        const batch = notes.slice(from, from + ASKERS);
        const asking = askers.slice(0, batch.length);
        await Promise.all(
          asking.map((asker, place) => asker.must('private.ask', { username: 'anna', note: batch[place] ?? '' })),
        );
        await allShown(batch);
        await Promise.all(asking.map((asker) => asker.must('private.cancel', { username: 'anna' })));
      }
    } finally {
      for (const asker of askers) asker.remove();
    }
  }

  it('stay plain text as private messages', { timeout: TELLING_MS }, async () => {
    const mallory = await PrivateUser.join('eve', stage.server.port);
    try {
      await mallory.must('private.ask', { username: 'anna' });
      await anna.press('Accept', anna.requestOf('eve'));
      await anna.isAside('eve');
      await until(() => mallory.with({ name: 'anna' } as PrivateUser)?.state.state === 'open', 'open');
      await anna.page.evaluate(() => globalThis.shown.clear());
      await inBatches(TEXTS, (batch) =>
        Promise.all(batch.map((text) => mallory.must('private.say', { username: 'anna', text }))),
      );
      await isHarmless();
    } finally {
      mallory.remove();
    }
  });
});

/** Notes every text that comes to be on the page, in the places of messages, notes and names. */
function watch(): void {
  globalThis.shown = new Set();
  const places = '.bubble > [dir=auto], li > p[dir=auto], nav .font-semibold';
  const look = (added: Node): void => {
    if (!(added instanceof Element)) return;
    if (added.matches(places)) globalThis.shown.add(added.textContent ?? '');
    for (const one of added.querySelectorAll(places)) globalThis.shown.add(one.textContent ?? '');
  };
  new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(look))).observe(document, {
    subtree: true,
    childList: true,
  });
}
