import { describe, it } from 'vitest';
import { findElectron } from '../../scripts/start-app.mjs';
import { electronHost, standInHost } from '../support/stories/hosts.ts';
import { tellAll } from '../support/stories/tell-all.ts';
import { ASIDE } from './stories/aside.ts';
import { START } from './stories/start.ts';
import { STATES } from './stories/states.ts';
import { TALK } from './stories/talk.ts';
import { ANSWERED_ON_NOTICES, TOLD } from './stories/told.ts';
import { SUITE } from '../support/suite.ts';

const ALL = [...START, ...TALK, ...ASIDE, ...STATES];

/** The shells differ only at start, in storage and in quitting: a few stories cover that, in the variant that demands most. */
const FEW = [/^first start/, /^two users exchange/, /^a draft is kept/, /^an idle user/];
const few = ALL.filter(({ name }) => FEW.some((one) => one.test(name)));
// npm test tells what only a desktop shell has; npm run test:all the others as well.
const told = SUITE === 'all' ? [...few, ...TOLD, ANSWERED_ON_NOTICES] : [...few.slice(0, 1), ANSWERED_ON_NOTICES];
tellAll('in Electron’s main process and preload script, on the stand-in', standInHost, told, { only: ['reload'] });

// The same in the real program needs its binary and a display, and neither is fetched by a test.
const electron = findElectron();
if (electron === undefined) {
  describe('in Electron itself', () => {
    it.skip('all stories (skipped: no Electron binary)', () => undefined);
  });
} else tellAll('in Electron itself', () => electronHost(electron), ALL);
