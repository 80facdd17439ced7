import { failed } from '../../src/shared/client-api/failure.ts';

/** A shell that does nothing. @type {import('../../src/host/app-shell.ts').AppShell} */
export const SHELL = {
  kind: 'browser',
  openLink: async () => failed('invalid-command'),
  notify: () => failed('invalid-command'),
  setUnread: () => undefined,
  preferences: () => undefined,
};
