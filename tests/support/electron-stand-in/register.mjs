// node --import …/register.mjs: after that, `electron` is the stand-in next to this file.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
