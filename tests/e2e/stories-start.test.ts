import { browserHost } from '../support/stories/hosts.ts';
import { tellAll } from '../support/stories/tell-all.ts';
import { START } from './stories/start.ts';

tellAll('in a browser', browserHost, START);
