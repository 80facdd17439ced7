import { browserHost } from '../support/stories/hosts.ts';
import { tellAll } from '../support/stories/tell-all.ts';
import { ASIDE, EXPIRING } from './stories/aside.ts';

tellAll('in a browser', browserHost, ASIDE, { slow: EXPIRING });
