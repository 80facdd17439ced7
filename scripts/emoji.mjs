// Makes the emoji list of emojibase-data smaller in a build of the window.

/** @typedef {{ emoji: string, label: string, tags?: string[], group?: number, type: number, version: number, tone?: number | number[], skins?: Entry[] }} Entry */

/** Emojibase's group of skin tones and hair styles alone. */
const COMPONENTS = 2;

/**
 * Only the fields that src/renderer/features/conversation/emoji-list.ts reads.
 * @param {Entry[]} entries
 */
function reduce(entries) {
  return entries
    .filter(({ group }) => group !== undefined && group !== COMPONENTS)
    .map(({ emoji, label, tags, group, type, version, skins }) => {
      const tones = skins?.filter(({ tone }) => typeof tone === 'number');
      return {
        emoji,
        label,
        tags,
        group,
        type,
        version,
        skins: tones?.map((skin) => ({ emoji: skin.emoji, tone: skin.tone })),
      };
    });
}

/**
 * The list with all its fields is three times as large.
 * @returns {import('vite').Plugin}
 */
export function emojiPlugin() {
  return {
    name: 'aside-emoji',
    enforce: 'pre',
    transform(code, id) {
      if (!/[/\\]emojibase-data[/\\]en[/\\]data\.json$/.test(id)) return undefined;
      return { code: JSON.stringify(reduce(/** @type {Entry[]} */ (JSON.parse(code)))), map: null };
    },
  };
}
