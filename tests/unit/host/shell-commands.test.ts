import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppHost } from '../../../src/host/app-host.ts';
import { runHostCommand } from '../../../src/host/host-commands.ts';
import type { NativeNotification, AppShell } from '../../../src/host/app-shell.ts';
import { succeeded } from '../../../src/shared/client-api/failure.ts';
import { SILENT_SHELL } from '../../support/silent-shell.ts';

function startHost(shell: Partial<AppShell>): AppHost {
  const dataFolder = mkdtempSync(join(tmpdir(), 'aside-shell-'));
  const host = new AppHost({ dataFolder, version: '1', shell: { ...SILENT_SHELL, ...shell } });
  onTestFinished(() => {
    host.close();
    rmSync(dataFolder, { recursive: true });
  });
  return host;
}

describe('Host commands for the shell (G5)', () => {
  it('quit the program if the shell can', async () => {
    let ended = 0;
    const host = startHost({ kind: 'desktop', quit: () => void ended++ });
    expect(await runHostCommand(host, 'host.quit', {})).toEqual({ ok: true, result: {} });
    expect(ended).toBe(1);
    expect(await runHostCommand(startHost({}), 'host.quit', {})).toEqual({
      ok: false,
      failure: { reason: 'invalid-command', detail: 'quit-in-terminal' },
    });
  });

  it('show a notification with buttons as a request, and any other as a message', async () => {
    const notices: NativeNotification[] = [];
    const host = startHost({
      notify: (notice) => {
        notices.push(notice);
        return succeeded({});
      },
    });
    const button = { label: 'Accept', command: 'private.answer', params: { username: 'bob', accept: true } };
    for (const actions of [undefined, [], [button]]) {
      await runHostCommand(host, 'host.notify', { conversation: '@bob', title: 'bob', body: 'hello', actions });
    }
    expect(notices.map(({ kind }) => kind)).toEqual(['message', 'message', 'request']);
  });
});
