import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppHost } from '../../../src/host/app-host.ts';
import { runHostCommand } from '../../../src/host/host-commands.ts';
import { PrivateDrafts } from '../../../src/host/account/private-drafts.ts';
import type { AppShell } from '../../../src/host/app-shell.ts';
import { failed } from '../../../src/shared/client-api/failure.ts';

const SHELL: AppShell = {
  kind: 'browser',
  openLink: async () => failed('invalid-command'),
  notify: () => failed('invalid-command'),
  setUnread: () => undefined,
  preferences: () => undefined,
};
const NOWHERE = { host: '127.0.0.1', port: 1, plaintext: true };

describe('Private drafts (F7)', () => {
  it('survive a reload of the page, are never on the disk, and end with the account', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'aside-host-'));
    onTestFinished(() => rmSync(dataFolder, { recursive: true }));
    const host = new AppHost({ dataFolder, version: '1.2.3', shell: SHELL, server: NOWHERE });
    const write = (text: string) =>
      runHostCommand(host, 'host.writeDraft', { conversation: '@bob', text, isPrivate: true });
    expect(await write('too early')).toMatchObject({ failure: { reason: 'no-token' } });

    host.openAccount({ server: NOWHERE, username: 'alice' });
    expect((await write('between us')).ok).toBe(true);
    await runHostCommand(host, 'host.writeDraft', { conversation: '@bob', text: 'for the disk' });
    expect(host.read().hostState).toMatchObject({
      privateDrafts: { '@bob': 'between us' },
      drafts: { '@bob': 'for the disk' },
    });

    host.closeAccount();
    expect(host.read().hostState.privateDrafts).toEqual({});
    host.close();
    const files = readdirSync(dataFolder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const contents = files.map((one) => readFileSync(join(one.parentPath, one.name), 'latin1')).join('\n');
    expect(contents).toContain('for the disk');
    expect(contents).not.toContain('between us');
  });

  it('are limited; the oldest is dropped first', () => {
    const drafts = new PrivateDrafts();
    for (let n = 0; n < 70; n++) drafts.write(`@person${n}`, 'x');
    drafts.write('@person69', '');
    expect(Object.keys(drafts.all())).toEqual(Array.from({ length: 63 }, (_one, n) => `@person${n + 6}`));
  });
});
