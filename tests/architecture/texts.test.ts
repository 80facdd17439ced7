import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/setup.mjs';

/** Layers that know reasons only; `src/shared/text` words them. */
const WITHOUT_SENTENCES = ['src/core', 'src/shared/client-api', 'src/shared/protocol'];
/** Comments, string literals and regular expressions of a source, in order: none is mistaken for a part of another. */
const TOKENS =
  /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;
/** A word, a space and a full stop, question or exclamation mark at the end. */
const SENTENCE = /^(['"`])[\s\S]*[a-z]{2}[\s\S]* [\s\S]*[.!?…]\s*\1$/i;

/** String literals of a source that read as sentences. */
function sentencesOf(source: string): string[] {
  return [...source.matchAll(TOKENS)].map(([token]) => token).filter((token) => SENTENCE.test(token));
}

describe('Layers without user-visible text', () => {
  it.each(WITHOUT_SENTENCES)('have no sentence in %s', (folder) => {
    const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => name.endsWith('.ts'));
    expect(files.length).toBeGreaterThan(3);
    const found = files.flatMap((file) =>
      sentencesOf(readFileSync(join(ROOT, folder, file), 'utf8')).map((sentence) => `${file}: ${sentence}`),
    );
    expect(found).toEqual([]);
  });

  it.each([
    ['a single-quoted one', "const text = 'The server is stopping.';"],
    ['a double-quoted one', 'const text = "The server\'s disk is full.";'],
    ['a template', 'const text = `${name} has left the session.`;'],
    ['one with an escape', "const text = 'This computer\\'s clock is wrong!';"],
    ['one on a line of its own', "failed('storage',\n  'Check the disk, then try again.',\n);"],
  ])('would be caught with %s', (_what, source) => {
    expect(sentencesOf(source)).toHaveLength(1);
  });

  it.each([
    ['a reason', "failed('storage-here');"],
    ['a comment', "// The server said 'The disk is full.' here.\n/** The label is 'Try it again.' */"],
    ['a protocol string', "const DOMAIN = 'aside private introduction v1';"],
  ])('are not accused of %s', (_what, source) => {
    expect(sentencesOf(source)).toEqual([]);
  });
});
