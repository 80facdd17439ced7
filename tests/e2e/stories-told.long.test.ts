import { browserHost } from '../support/stories/hosts.ts';
import { tellAll } from '../support/stories/tell-all.ts';
import { TOLD } from './stories/told.ts';

tellAll('in a browser', browserHost, TOLD);
