import type { AppShell } from '../../src/host/app-shell.ts';
import { succeeded } from '../../src/shared/client-api/failure.ts';

/** A shell that accepts every call and does nothing. */
export const SILENT_SHELL: AppShell = {
  kind: 'browser',
  openLink: async () => succeeded({}),
  notify: () => succeeded({}),
  setUnread: () => undefined,
  preferences: () => undefined,
};
