import { browserHost } from '../support/stories/hosts.ts';
import { tellAll } from '../support/stories/tell-all.ts';
import { STATES } from './stories/states.ts';

tellAll('in a browser', browserHost, STATES);
