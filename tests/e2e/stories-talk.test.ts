import { browserHost } from '../support/stories/hosts.ts';
import { tellAll } from '../support/stories/tell-all.ts';
import { TALK } from './stories/talk.ts';

tellAll('in a browser', browserHost, TALK);
