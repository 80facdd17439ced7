// node --import …/register.mjs: from then on `electron` is the stand-in beside this file.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
