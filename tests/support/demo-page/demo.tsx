import '../../../src/renderer/zod-without-eval.ts';
import '../../../src/renderer/styles/app.css';
import '../../../src/renderer/styles/found.css';
import '../../../src/renderer/styles/forced-colors.css';
import { DEFAULT_PREFERENCES, preferences } from '../../../src/shared/client-api/host.ts';
import { showApp } from '../../../src/renderer/app.tsx';
import { DemoWorld } from './demo-world.ts';
import { FakePort } from './fake-port.ts';
import { en } from '../../../src/shared/text/en.ts';
import { pseudoLocale } from '../../../src/shared/text/pseudo.ts';

// The window on a client in memory, for tests and screenshots: `?world=first|morning|aside|long|empty`, `theme`, `textSize`, `locale=pseudo`, `dir=rtl`.
const query = new URLSearchParams(location.search);

/** The morning with a private session with hans and a request of kevin. */
function aside(now: number): FakePort {
  const world = new DemoWorld(now).fill();
  world.aside('hans', { state: 'open', path: { kind: 'direct-lan', address: '192.168.1.12' }, trust: 'known' });
  world.whisper('hans', 'ok, it is only us here', true, now - 150_000);
  const own = world.whisper('hans', 'the server saw a yes and two addresses, nothing else', false, now - 90_000);
  const last = world.whisper('hans', 'sending you the capture', false, now - 80_000);
  world.port.emit('private.delivered', { sid: own.sid, username: 'hans', ids: [own.id, last.id] });
  world.aside('kevin', { state: 'asked', expiresAt: now + 24_000, note: 'about the capture', trust: 'known' });
  return world.port;
}

function portOf(world: string): FakePort {
  const now = Date.now();
  switch (world) {
    case 'first':
      return new FakePort();
    case 'aside':
      return aside(now);
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
if (wanted.success) port.hostState = { ...port.hostState, preferences: wanted.data };
document.documentElement.dir = query.get('dir') ?? 'ltr';

// For the tests that drive this page.
Object.assign(globalThis, { demoPort: port });

const root = document.getElementById('root');
if (root !== null) showApp(root, port, query.get('locale') === 'pseudo' ? pseudoLocale : en);
