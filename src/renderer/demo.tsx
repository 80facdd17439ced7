import './zod-without-eval.ts';
import './styles/app.css';
import { DEFAULT_PREFERENCES, preferences } from '../shared/client-api/host.ts';
import { showApp } from './app.tsx';
import { DemoWorld } from './port/demo-world.ts';
import { FakePort } from './port/fake-port.ts';
import { en } from './strings/en.ts';
import { pseudoLocale } from './strings/pseudo.ts';

// The app on a client in memory. `?world=first|morning|long|empty`, `theme`, `textSize`, `locale=pseudo`, `dir=rtl`.
const query = new URLSearchParams(location.search);

function portOf(world: string): FakePort {
  const now = Date.now();
  switch (world) {
    case 'first':
      return new FakePort();
    case 'empty':
      return new DemoWorld(now).port;
    case 'long':
      return new DemoWorld(now).fillLong(Number(query.get('count') ?? 100_000)).port;
    default:
      return new DemoWorld(now).fill().port;
  }
}

const port = portOf(query.get('world') ?? 'morning');
const wanted = preferences.safeParse({ ...DEFAULT_PREFERENCES, ...Object.fromEntries(query) });
if (wanted.success) port.facts = { ...port.facts, preferences: wanted.data };
document.documentElement.dir = query.get('dir') ?? 'ltr';

// For the tests that drive this page.
Object.assign(globalThis, { demoPort: port });

const root = document.getElementById('root');
if (root !== null) showApp(root, port, query.get('locale') === 'pseudo' ? pseudoLocale : en);
