import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TERMINAL_COMMANDS } from '../../../src/terminal/commands/terminal-commands.ts';
import { withTables } from '../../support/command-tables.ts';

const FILE = fileURLToPath(new URL('../../../docs/terminal.md', import.meta.url));
const document = readFileSync(FILE, 'utf8');

describe('docs/terminal.md', () => {
  // `npx vitest run tests/unit/terminal/documentation.test.ts -u` writes the tables.
  it('has the tables of the commands as the code has them', async () => {
    await expect(withTables(document)).toMatchFileSnapshot(FILE);
  });

  it('would fail this test with a command or a member left out', () => {
    const rows = [/^\| `whoelse` \| .*online \|\n/m, /`someBlocked`/];
    for (const row of rows) {
      const planted = document.replace(row, '');
      expect(planted).not.toBe(document);
      expect(withTables(planted)).not.toBe(planted);
    }
  });

  it('describes a form in JSON for every command', () => {
    for (const name of Object.keys(TERMINAL_COMMANDS)) {
      expect(document.split(`\n| \`${name}\` | `).length, name).toBeGreaterThan(1);
    }
  });
});
