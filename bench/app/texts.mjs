// Texts of a history, like those that users write; the same in every run.

const SENTENCES = [
  'Did you see what Hans wrote about the heating?',
  'I am on the train, back at eight.',
  'That works for me.',
  'No.',
  'The **second** draft is much better, thank you!',
  'Could you look at `scripts/backup.sh` before the weekend? I changed the order of the two copies.',
  'Photos are at https://example.org/album/2026/november?page=3 if you want them.',
  'I would rather wait until the plumber has been here, because the last time we moved everything twice and it was for nothing.',
  'ok',
  'See you _there_, and bring the small table.',
  'Ich bringe Käse und Brot mit, der Rest steht schon im Keller.',
  '😀',
  '👍🏽 👍🏽',
  'Good morning!',
  'It is raining, the kettle is on, and the cat sits in the window as if nothing had happened.',
  'We need: apples, flour, a new bulb for the lamp in the hall, and stamps.',
  'First line\nsecond line\nand a third one, which is a bit longer than the others.',
  'The [minutes](https://example.org/minutes) are not right about the date: it was Tuesday, not Thursday.',
  'ちょっと待ってください。',
  'See the log: ~~it is the disk~~ it is the cable.',
];
const CODE = [
  '```js\nconst total = prices.reduce((sum, price) => sum + price, 0);\nconsole.log(`together ${total}`);\n```',
  'This is how I start it:\n```sh\nnpm start\ncurl -s http://127.0.0.1:12000/health | head -1\n```\nand then it runs.',
  '```python\ndef mean(values):\n    return sum(values) / len(values)\n\nprint(mean([1, 2, 3]))\n```',
];
const SYLLABLES = [
  'ka',
  'lo',
  'ren',
  'ti',
  'mus',
  'vel',
  'dor',
  'a',
  'sin',
  'pe',
  'gru',
  'ho',
  'zan',
  'bi',
  'cle',
  'wo',
];
const CODE_EVERY = 40;
const LONG_EVERY = 25;

/** Numbers that are the same in every run. */
export class Chance {
  #seed = 1;

  /** A whole number below `bound`. @param {number} bound */
  below(bound) {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#seed / 2 ** 32) * bound);
  }

  /** @template T @param {readonly [T, ...T[]] | readonly T[]} values @returns {T} */
  of(values) {
    return /** @type {T} */ (values[this.below(values.length)]);
  }
}

/** One of some thousands of words, so that a search finds different messages. @param {Chance} chance */
function word(chance) {
  return Array.from({ length: 2 + chance.below(2) }, () => chance.of(SYLLABLES)).join('');
}

/** @param {Chance} chance @param {number} n number of the text, which makes it unique */
export function textOf(chance, n) {
  if (n % CODE_EVERY === 0) return chance.of(CODE);
  if (n % LONG_EVERY === 0) return Array.from({ length: 8 }, () => chance.of(SENTENCES)).join(' ');
  if (chance.below(3) === 0) return chance.of(SENTENCES);
  return `${chance.of(SENTENCES)} ${word(chance)} ${word(chance)} ${word(chance)} ${n}`;
}
