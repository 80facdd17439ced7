import { screen, within } from '@testing-library/react';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { viewState, type Message, type ViewState } from '../../../src/shared/client-api/view-state.ts';
import { DemoWorld } from '../../support/demo-page/demo-world.ts';
import { happen, NOW, preparePage, show, showMorning } from '../../support/renderer.ts';

beforeEach(() => {
  preparePage();
  // React reports each error that a boundary has kept.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

const feed = () => screen.getByRole('feed');
const planted = (position: number, change: object): Message => ({
  position,
  id: `planted${position}`,
  conversation: '@hans',
  from: 'hans',
  to: 'kev',
  incoming: true,
  text: 'planted',
  at: NOW,
  status: { state: 'received' },
  ...change,
});

describe('Message that cannot be shown (G11)', () => {
  it('leaves the other messages and the composer usable, and can be hidden', async () => {
    const { port } = new DemoWorld(NOW).fill();
    port.put(planted(5_000, { text: { not: 'a text' } }));
    const user = await show(port);
    await user.click(screen.getByRole('button', { name: /^hans/ }));
    expect(within(feed()).getByText('works!')).toBeTruthy();
    expect(within(feed()).getByText('This message cannot be shown')).toBeTruthy();
    await user.click(within(feed()).getByRole('button', { name: 'Hide this message' }));
    expect(within(feed()).queryByText('This message cannot be shown')).toBeNull();
    await user.type(screen.getByRole('textbox', { name: /^Message/ }), 'still here{Enter}');
    expect(within(feed()).getByText('still here')).toBeTruthy();
  });

  it('does not take the private session with it', async () => {
    const { port } = new DemoWorld(NOW).fill();
    const line = { incoming: true, at: NOW, delivered: true };
    port.view = {
      ...port.view,
      privateSessions: [
        {
          sid: 's',
          username: 'hans',
          initiator: true,
          keep: { own: false, peer: false },
          typing: false,
          state: { state: 'open', path: { kind: 'relayed' }, trust: 'known' },
          lines: [
            { ...line, id: 'a', text: 5 as never },
            { ...line, id: 'b', text: 'quiet' },
          ],
        },
      ],
    };
    const user = await show(port);
    await user.click(screen.getByRole('button', { name: /^hans/ }));
    const log = screen.getByRole('log', { name: /hans/ });
    expect(within(log).getByText('quiet')).toBeTruthy();
    expect(within(log).getByText('This message cannot be shown')).toBeTruthy();
  });
});

describe('Window', () => {
  it('shows messages with times of every size (G11)', async () => {
    const { port } = await showMorning();
    await happen(() => {
      for (const [place, at] of [Number.MAX_SAFE_INTEGER, -1, Number.NaN, Infinity, 8.64e15 + 1].entries())
        port.add(planted(5_000 + place, { at, text: `at ${at}` }));
    });
    for (const at of ['9007199254740991', '-1', 'NaN', 'Infinity'])
      expect(within(feed()).getByText(`at ${at}`)).toBeTruthy();
    expect(within(feed()).queryByText('This message cannot be shown')).toBeNull();
  });

  it('opens the dialog of a mail link with a damaged encoding (G11)', async () => {
    const { port, user } = await showMorning();
    await happen(() => port.add(planted(5_000, { text: '[write](mailto:%E0%A4%A)' })));
    await user.click(within(feed()).getByRole('link', { name: 'write' }));
    expect(within(screen.getByRole('dialog')).getAllByText(/%E0%A4/).length).toBeGreaterThan(0);
  });

  it('offers to reload after an error that no part of it has kept, and shows everything again (G11)', async () => {
    const { port } = new DemoWorld(NOW).fill();
    const { preferences } = port.hostState;
    port.hostState = { ...port.hostState, preferences: undefined as never };
    const user = await show(port);
    const again = await screen.findByRole('button', { name: 'Reload' });
    port.hostState = { ...port.hostState, preferences };
    await user.click(again);
    expect(await screen.findByRole('button', { name: /^hans/ })).toBeTruthy();
  });

  it('shows every view state that the contract allows, with extreme values (G11)', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(states, async (state) => {
        const { port } = new DemoWorld(NOW).fill();
        port.view = { ...port.view, ...state };
        expect(viewState.safeParse(JSON.parse(JSON.stringify(port.view))).error).toBeUndefined();
        await show(port);
        const main = screen.getAllByRole('navigation').at(-1);
        expect(main).toBeTruthy();
        expect(document.body.textContent).not.toMatch(/cannot be shown/);
        document.body.replaceChildren();
      }),
      { numRuns: 25 },
    );
  });
});

const time = fc.constantFrom(0, -1, 8.64e15, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 1e300, NOW);
const number = fc.constantFrom(0, -1, 1, 2 ** 31, Number.MAX_SAFE_INTEGER, 1e300);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    '\u202e',
    '<b>',
    '[x](mailto:%E0%A4%A)',
    `a${'\u0301'.repeat(99)}`,
    'W'.repeat(999),
  ),
);
const trust = fc.constantFrom('new', 'known', 'verified', 'changed');
const status = fc.oneof(
  fc.constantFrom('received', 'stored', 'delivered').map((state) => ({ state })),
  fc.boolean().map((attempted) => ({ state: 'queued', attempted })),
  text.map((reason) => ({ state: 'refused', reason })),
  fc.record({ state: fc.constant('broadcast'), recipients: number, someBlocked: fc.boolean() }),
);
const conversation = fc
  .record({ name: text.filter((name) => name !== ''), at: time, text, status, unread: number, incoming: fc.boolean() })
  .map(({ name, unread, ...message }) => ({
    id: `@${name}`,
    username: name,
    unread,
    last: { ...message, position: 1, id: name, conversation: `@${name}`, from: name, to: 'kev' },
  }));
const talk = fc.record({
  sid: fc.uuid(),
  username: text,
  initiator: fc.boolean(),
  keep: fc.record({ own: fc.boolean(), peer: fc.boolean() }),
  typing: fc.boolean(),
  lines: fc.array(fc.record({ id: fc.uuid(), incoming: fc.boolean(), text, at: time, delivered: fc.boolean() }), {
    maxLength: 3,
  }),
  state: fc.oneof(
    time.map((expiresAt) => ({ state: 'asking', expiresAt })),
    fc.record({ state: fc.constant('asked'), expiresAt: time, note: text, trust }),
    fc.record({
      state: fc.constant('open'),
      path: text.map((address) => ({ kind: 'direct', address })),
      trust,
    }),
  ),
});
const states = fc.record({
  connection: fc.oneof(
    time.map((since) => ({ state: 'online', since })),
    fc.record({
      state: fc.constant('waiting-to-reconnect'),
      until: time,
      attempt: number,
      problem: fc.constant({ kind: 'unreachable' }),
    }),
  ),
  people: fc.array(fc.record({ username: text, since: time }), { maxLength: 5 }),
  typing: fc.array(text, { maxLength: 3 }),
  blacklist: fc.array(text, { maxLength: 3 }),
  conversations: fc.uniqueArray(conversation, { maxLength: 5, selector: ({ id }) => id }),
  waiting: number,
  clockOffset: time,
  privateSessions: fc.uniqueArray(talk, { maxLength: 3, selector: ({ username }) => username }),
  identitiesChanged: fc.array(text, { maxLength: 2 }),
}) as fc.Arbitrary<Partial<ViewState>>;
