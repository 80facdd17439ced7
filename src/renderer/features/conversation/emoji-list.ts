import data from 'emojibase-data/en/data.json';
import { SKIN_TONES, type SkinTone } from '../../../shared/client-api/host.ts';

/** The groups in the order of the picker, by their numbers in emojibase. */
const GROUP_NUMBERS = {
  smileys: 0,
  people: 1,
  animals: 3,
  food: 4,
  travel: 5,
  activities: 6,
  objects: 7,
  symbols: 8,
  flags: 9,
} as const;

export type EmojiGroup = keyof typeof GROUP_NUMBERS;
const EMOJI_GROUPS = Object.keys(GROUP_NUMBERS) as EmojiGroup[];

export interface Emoji {
  readonly text: string;
  readonly label: string;
  readonly group: EmojiGroup;
  /** The words of the label, then other search words, in small letters. */
  readonly words: readonly string[];
  /** The same emoji by skin tone; empty for most. */
  readonly tones: ReadonlyMap<SkinTone, string>;
}

/** The part of an entry that this module reads; a build leaves out the rest. */
interface Entry {
  readonly emoji: string;
  readonly label: string;
  readonly tags?: readonly string[];
  readonly group?: number;
  /** 0: shown as text unless a variation selector follows; 1: shown as an emoji. */
  readonly type: number;
  /** Of Unicode's emoji. */
  readonly version: number;
  readonly tone?: number | readonly number[];
  readonly skins?: readonly Pick<Entry, 'emoji' | 'tone'>[];
}

/** The fonts of many systems in use have no pictures for later ones. */
const NEWEST_VERSION = 15;
const VARIATION_SELECTOR = '\uFE0F';

const groups = new Map<number | undefined, EmojiGroup>(EMOJI_GROUPS.map((group) => [GROUP_NUMBERS[group], group]));
const entries: readonly Entry[] = data;

/** Every emoji that the picker offers, in Unicode's order. */
const EMOJI: readonly Emoji[] = entries.flatMap((entry) => {
  const group = groups.get(entry.group);
  if (group === undefined || entry.version > NEWEST_VERSION) return [];
  const { label, tags = [] } = entry;
  return [{ text: textOf(entry), label, group, words: wordsOf([label, ...tags].join(' ')), tones: tonesOf(entry) }];
});

/** Emojibase adds a variation selector to every emoji that also has a text form; a single emoji character needs none. */
function textOf({ emoji, type }: Entry): string {
  const points = Array.from(emoji);
  return type === 1 && points.length === 2 && points[1] === VARIATION_SELECTOR ? (points[0] ?? emoji) : emoji;
}

function tonesOf({ skins = [] }: Entry): ReadonlyMap<SkinTone, string> {
  return new Map(
    SKIN_TONES.flatMap((name, index) => {
      const skin = skins.find(({ tone }) => tone === index + 1);
      return skin === undefined ? [] : [[name, skin.emoji] as const];
    }),
  );
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}+]+/u)
    .filter((word) => word !== '');
}

/** Emoji that have a word for the beginning of each word of a search; those whose label begins so come first. */
export function findEmoji(search: string): readonly Emoji[] {
  const sought = wordsOf(search);
  const first = sought[0];
  if (first === undefined) return [];
  const found = EMOJI.filter(({ words }) => sought.every((begin) => words.some((word) => word.startsWith(begin))));
  const isNamedSo = ({ label }: Emoji) => label.toLowerCase().startsWith(first);
  return [...found.filter(isNamedSo), ...found.filter((emoji) => !isNamedSo(emoji))];
}

/** @param tone undefined: the emoji without a skin tone of its own */
export function withTone({ text, tones }: Emoji, tone: SkinTone | undefined): string {
  return (tone === undefined ? undefined : tones.get(tone)) ?? text;
}

export function emojiIn(group: EmojiGroup): readonly Emoji[] {
  return EMOJI.filter((emoji) => emoji.group === group);
}
