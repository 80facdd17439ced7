import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/setup.mjs';

const inDocs = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inDocs];
/** The specification names commands of rules that are not built yet. */
const NAMES_FUTURE_COMMANDS = ['docs/specification.md'];
const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** GitHub's name of a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** Links of a document that lead nowhere. */
async function brokenLinks(path: string, text: string): Promise<string[]> {
  const broken: string[] = [];
  for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^https?:/.test(link)) continue;
    const [file = '', heading] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    const headings = existsSync(join(ROOT, target)) ? (await read(target)).matchAll(/^#+ (.*)$/gm) : undefined;
    const isThere = headings && (!heading || [...headings].some(([, title = '']) => anchor(title) === heading));
    if (!isThere) broken.push(link);
  }
  return broken;
}

describe.each(DOCUMENTS)('%s', (path) => {
  it('has no link that leads nowhere', async () => {
    expect(await brokenLinks(path, await read(path))).toEqual([]);
  });
});

describe.each(DOCUMENTS.filter((path) => !NAMES_FUTURE_COMMANDS.includes(path)))('%s', (path) => {
  it('names only commands that exist', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
    const named = [...(await read(path)).matchAll(/\bnpm (?:run (?:-s )?([\w-]+)|(start|test))\b/g)];
    expect(named.map(([, run, own]) => run ?? own ?? '').filter((name) => !scripts[name])).toEqual([]);
  });
});

it('The check of links finds broken ones', async () => {
  const text = '[a](nowhere.md) [b](#nothing) [c](docs/testing.md#gates) [d](docs/testing.md#bars) [e](https://x.y)';
  expect(await brokenLinks('README.md', text)).toEqual(['nowhere.md', '#nothing', 'docs/testing.md#bars']);
});
