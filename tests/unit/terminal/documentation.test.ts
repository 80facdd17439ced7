import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TERMINAL_COMMANDS } from '../../../src/terminal/commands/terminal-commands.ts';
import { withTables } from '../../support/command-tables.ts';

const FILE = fileURLToPath(new URL('../../../docs/terminal.md', import.meta.url));
const document = readFileSync(FILE, 'utf8');

describe('docs/terminal.md', () => {
  // `npx vitest run tests/unit/terminal/documentation.test.ts -u` writes the tables.
  it('contains the tables of commands that the code generates', async () => {
    await expect(withTables(document)).toMatchFileSnapshot(FILE);
  });

  it('fails this test if a command or a member is missing', () => {
    const rows = [/^\| `whoelse` \| .*online \|\n/m, /`someBlocked`/];
    for (const row of rows) {
      const planted = document.replace(row, '');
      expect(planted).not.toBe(document);
      expect(withTables(planted)).not.toBe(planted);
    }
  });

  it('describes a JSON form of every command', () => {
    for (const name of Object.keys(TERMINAL_COMMANDS)) {
      expect(document.split(`\n| \`${name}\` | `).length, name).toBeGreaterThan(1);
    }
  });
});
