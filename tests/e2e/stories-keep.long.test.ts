import { browserHost } from '../support/stories/hosts.ts';
import { tellAll } from '../support/stories/tell-all.ts';
import { KEEP } from './stories/keep.ts';
import { LOCK } from './stories/lock.ts';

tellAll('in a browser', browserHost, [...KEEP, ...LOCK]);
