import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { gateOn, plantProject } from './planted-project.ts';

/** Line of the fault, its problem, and the content. */
const FAULTS: Record<string, readonly [line: number, problem: string, content: string]> = {
  'src/terminal/fault-opener.ts': [1, 'starts with "What"', '/** What the terminal shows. */\nexport const a = 1;\n'],
  'src/terminal/fault-lines.ts': [
    2,
    'contains "nobody"',
    '// Plain text, and one\n// word that nobody needs.\nexport {};\n',
  ],
  'src/terminal/fault-end.ts': [2, 'starts with "It"', '\nexport const a = 1; // It is one.\n'],
  'scripts/fault-pattern.mjs': [
    2,
    'starts with "Where"',
    'export const a = /[/\'"]/;\n// Where a quote is not closed.\n',
  ],
  'bench/fault-word.mjs': [3, 'contains "anew"', '/**\n * The report.\n * Made anew.\n */\nexport {};\n'],
  'tests/fault-title.test.ts': [
    2,
    'contains "whoever"',
    "import { it } from 'vitest';\nit('greets whoever comes', () => {});\n",
  ],
  'tests/fault-each.test.ts': [
    2,
    'contains "somebody"',
    "import { it } from 'vitest';\nit.each([1, 2])('lets somebody in', () => {});\n",
  ],
  'tests/fault-step.test.ts': [
    2,
    'contains "Nobody"',
    "import { step } from './step.ts';\nstep('Nobody is there', async () => {});\n",
  ],
  'docs/fault-paragraph.md': [3, 'starts with "Who"', '# Title\n\nWho signs in is a user.\n'],
  'docs/fault-item.md': [1, 'starts with "How"', '- How it works.\n'],
  'docs/fault-word.md': [2, 'contains "someone"', 'A message\nto someone.\n'],
};

/** Refused words outside comments, titles and prose. */
const ALLOWED: Record<string, string> = {
  'src/terminal/plain.ts': "/** The text shown when no user is online. */\nexport const a = 'Nobody is online.';\n",
  'src/terminal/address.ts': "export const a = 'https://nobody.example'; // An address with two slashes.\n",
  'tests/plain.test.ts': "import { expect, it } from 'vitest';\nit('greets', () => expect('nobody').toBe('nobody'));\n",
  'docs/plain.md': '## How fast\n\n| What | Where |\n| --- | --- |\n\n```sh\nwho | grep nobody\n```\n',
};

describe('Gate "language"', () => {
  it('refuses faults of each kind, all in one project, and nothing else', async () => {
    const faults = Object.entries(FAULTS);
    const folder = await plantProject({
      ...ALLOWED,
      ...Object.fromEntries(faults.map(([path, [, , text]]) => [path, text])),
    });
    const { passed, output } = await gateOn(folder, 'language');
    await rm(folder, { recursive: true });
    expect(passed).toBe(false);
    const found = output.split('\n').filter((line) => /^\S+:\d+: /.test(line));
    expect(found.toSorted()).toEqual(faults.map(([path, [line, problem]]) => `${path}:${line}: ${problem}`).toSorted());
  });
});
