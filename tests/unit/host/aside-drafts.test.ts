import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppHost } from '../../../src/host/app-host.ts';
import { runHostCommand } from '../../../src/host/host-commands.ts';
import { AsideDrafts } from '../../../src/host/account/aside-drafts.ts';
import type { Shell } from '../../../src/host/shell.ts';
import { failed } from '../../../src/shared/client-api/failure.ts';

const SHELL: Shell = {
  kind: 'browser',
  openLink: async () => failed('invalid-command'),
  notify: () => failed('invalid-command'),
  setUnread: () => undefined,
  preferences: () => undefined,
};
const NOWHERE = { host: '127.0.0.1', port: 1, plaintext: true };

describe('unfinished private texts (F7)', () => {
  it('are there for the page that comes back, on no disk, and gone with the account', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'aside-host-'));
    onTestFinished(() => rmSync(dataFolder, { recursive: true }));
    const host = new AppHost({ dataFolder, version: '1.2.3', shell: SHELL, server: NOWHERE });
    const write = (text: string) =>
      runHostCommand(host, 'host.writeDraft', { conversation: '@bob', text, isPrivate: true });
    expect(await write('too early')).toMatchObject({ failure: { reason: 'no-token' } });

    host.openAccount({ server: NOWHERE, username: 'alice' });
    expect((await write('between us')).ok).toBe(true);
    await runHostCommand(host, 'host.writeDraft', { conversation: '@bob', text: 'for the disk' });
    expect(host.read().facts).toMatchObject({
      privateDrafts: { '@bob': 'between us' },
      drafts: { '@bob': 'for the disk' },
    });

    host.closeAccount();
    expect(host.read().facts.privateDrafts).toEqual({});
    host.close();
    const files = readdirSync(dataFolder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const contents = files.map((one) => readFileSync(join(one.parentPath, one.name), 'latin1')).join('\n');
    expect(contents).toContain('for the disk');
    expect(contents).not.toContain('between us');
  });

  it('are bounded, and the oldest goes first', () => {
    const drafts = new AsideDrafts();
    for (let n = 0; n < 70; n++) drafts.write(`@person${n}`, 'x');
    drafts.write('@person69', '');
    expect(Object.keys(drafts.all())).toEqual(Array.from({ length: 63 }, (_one, n) => `@person${n + 6}`));
  });
});
