import { screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakePort } from '../../support/demo-page/fake-port.ts';
import { COMMANDS } from '../../../src/shared/client-api/contract.ts';
import { HOST_COMMANDS, type HostCommandParams, type HostState } from '../../../src/shared/client-api/host.ts';
import type { Message } from '../../../src/shared/client-api/view-state.ts';
import { happen, preparePage, showMorning } from '../../support/renderer.ts';

beforeEach(preparePage);
afterEach(() => vi.unstubAllGlobals());

const raised = (port: FakePort) =>
  port.calls
    .filter(({ name }) => name === 'host.notify')
    .map(({ params }) => params as HostCommandParams<'host.notify'>);

async function showOnDesktop(preferences: Partial<HostState['preferences']> = {}): Promise<FakePort> {
  const { port } = await showMorning();
  port.hostState = {
    ...port.hostState,
    kind: 'desktop',
    preferences: { ...port.hostState.preferences, ...preferences },
  };
  await happen(() => port.emitHost({ name: 'host.replaced' }));
  return port;
}

const incoming = (position: number): Message => ({
  position,
  id: `m${position}`,
  conversation: '@hans',
  from: 'hans',
  to: 'kev',
  text: 'hello',
  at: Date.now(),
  incoming: true,
  status: { state: 'received' },
});

const ask = (port: FakePort, username: string) =>
  happen(() =>
    port.emit('private.changed', {
      session: {
        sid: `s-${username}`,
        username,
        initiator: false,
        state: { state: 'asked', expiresAt: Date.now() + 60_000, trust: 'new' },
        keep: { own: false, peer: false },
      },
    }),
  );

describe('Notification of a request to talk aside (F1, G5)', () => {
  it('has buttons to answer if the window isn’t focused', async () => {
    const port = await showOnDesktop();
    document.hasFocus = () => false;
    await ask(port, 'Zoë');
    const [notice] = raised(port);
    expect(notice).toEqual({
      conversation: '@zoë',
      title: 'Zoë',
      body: 'Zoë wants to talk aside.',
      actions: [
        { label: 'Accept', command: 'private.answer', params: { username: 'Zoë', accept: true } },
        { label: 'Decline', command: 'private.answer', params: { username: 'Zoë', accept: false } },
      ],
    });
    expect(HOST_COMMANDS['host.notify'].params.safeParse(notice).success).toBe(true);
    for (const action of notice?.actions ?? []) {
      expect(COMMANDS['private.answer'].params.safeParse(action.params).success).toBe(true);
    }
  });

  it('isn’t shown while the request is visible, but if a dialog covers it', async () => {
    const port = await showOnDesktop();
    await ask(port, 'zoe');
    expect(raised(port)).toEqual([]);
    await userEvent.setup().keyboard('{Control>}k{/Control}');
    await ask(port, 'max');
    expect(raised(port).map(({ title }) => title)).toEqual(['max']);
  });

  it.each([
    ['do not disturb', { quietUntil: Date.now() + 60_000 }],
    ['notifications off', { notifications: false }],
  ])('isn’t shown with %s', async (_name, preferences) => {
    const port = await showOnDesktop(preferences);
    document.hasFocus = () => false;
    await ask(port, 'zoe');
    expect(raised(port)).toEqual([]);
  });

  it('opens its conversation after a click, also for a new user', async () => {
    const port = await showOnDesktop();
    document.hasFocus = () => false;
    await ask(port, 'Zoë');
    await happen(() => port.emitHost({ name: 'host.conversationChosen', conversation: '@zoë' }));
    expect(screen.getByRole('main', { name: 'Conversation with Zoë' })).toBeTruthy();
    expect(screen.getByRole('list', { name: 'Requests to talk aside' })).toBeTruthy();
  });

  it('has no buttons in a browser, whose page opens the conversation after a click', async () => {
    const made: { title: string; options: object; click: () => void }[] = [];
    class PageNotification {
      static readonly permission = 'granted';
      readonly close = () => undefined;
      constructor(
        readonly title: string,
        readonly options: object,
      ) {}
      addEventListener(_name: string, click: () => void): void {
        made.push({ title: this.title, options: this.options, click });
      }
    }
    vi.stubGlobal('Notification', PageNotification);
    window.focus = () => undefined;
    const { port } = await showMorning();
    document.hasFocus = () => false;
    await ask(port, 'zoe');
    expect(raised(port)).toEqual([]);
    expect(made.map(({ title, options }) => [title, Object.keys(options).includes('actions')])).toEqual([
      ['zoe', false],
    ]);
    await happen(() => made[0]?.click());
    expect(screen.getByRole('main', { name: 'Conversation with zoe' })).toBeTruthy();
  });
});

describe('*Do not disturb* (G5, G6)', () => {
  const openPage = async (preferences: Partial<HostState['preferences']>) => {
    const { port, user } = await showMorning();
    port.hostState = { ...port.hostState, preferences: { ...port.hostState.preferences, ...preferences } };
    await happen(() => port.emitHost({ name: 'host.replaced' }));
    await user.keyboard('{Control>},{/Control}');
    await user.click(screen.getByRole('tab', { name: 'Notifications' }));
    return { port, user, group: within(screen.getByRole('group', { name: 'Do not disturb' })) };
  };
  type Group = Awaited<ReturnType<typeof openPage>>['group'];
  const chosen = (group: Group) => group.getByRole<HTMLInputElement>('radio', { checked: true }).labels?.[0]?.innerHTML;
  const hint = (group: Group) => {
    const id = group.getByRole('radio', { checked: true }).closest('fieldset')?.getAttribute('aria-describedby');
    return document.getElementById(id ?? '')?.textContent;
  };

  it('shows its duration, its end, and how to end it sooner', async () => {
    const { port, user, group } = await openPage({});
    expect(chosen(group)).toMatch(/Off$/);
    expect(hint(group)).toBe('');
    await user.click(group.getByRole('radio', { name: 'For 8 hours' }));
    expect(chosen(group)).toMatch(/For 8 hours$/);
    expect(hint(group)).toMatch(
      /^No notifications until (\w+ )?\d\d:\d\d; unread messages are still counted\. Choose “Off” to end this sooner\.$/,
    );
    await user.click(group.getByRole('radio', { name: 'For an hour' }));
    expect(chosen(group)).toMatch(/For an hour$/);
    await user.click(group.getByRole('radio', { name: 'Off' }));
    expect(chosen(group)).toMatch(/Off$/);
    expect(hint(group)).toBe('');
    expect(port.calls.filter(({ name }) => name === 'host.writePreferences').at(-1)?.params).not.toHaveProperty(
      'quietFor',
    );
  });

  it.each([
    ['for 8 hours, of which little is left', { quietUntil: Date.now() + 60_000, quietFor: 'evening' }, 'For 8 hours'],
    ['by an earlier version, for an hour', { quietUntil: Date.now() + 3_500_000 }, 'For an hour'],
    ['by an earlier version, for longer', { quietUntil: Date.now() + 4_000_000 }, 'For 8 hours'],
    ['an hour ago, which is over', { quietUntil: Date.now() - 1, quietFor: 'hour' }, 'Off'],
  ] as const)('that was turned on %s', async (_name, preferences, name) => {
    const { group } = await openPage(preferences);
    expect(chosen(group)).toMatch(new RegExp(`${name}$`));
  });

  it('lasts an hour if it is turned on in the palette', async () => {
    const { user } = await openPage({});
    await user.click(screen.getByRole('button', { name: 'Close' }));
    await user.keyboard('{Control>}k{/Control}');
    await user.type(screen.getByRole('combobox'), 'disturb{Enter}');
    await user.keyboard('{Control>},{/Control}');
    await user.click(screen.getByRole('tab', { name: 'Notifications' }));
    expect(chosen(within(screen.getByRole('group', { name: 'Do not disturb' })))).toMatch(/For an hour$/);
  });
});

describe('Offer of notifications in a browser (G5)', () => {
  function browser(permission: NotificationPermission, answer: NotificationPermission) {
    const requestPermission = vi.fn(async () => {
      notification.permission = answer;
      return answer;
    });
    const notification = Object.assign(vi.fn(), { permission, requestPermission });
    vi.stubGlobal('Notification', notification);
    return requestPermission;
  }
  const offer = () => screen.queryByRole('region', { name: 'Show notifications for new messages?' });
  beforeEach(() => localStorage.clear());

  it('is shown once, and not again after it was declined', async () => {
    const asked = browser('default', 'granted');
    const { user } = await showMorning();
    await user.click(screen.getByRole('button', { name: 'Not now' }));
    expect(offer()).toBeNull();
    expect(asked).not.toHaveBeenCalled();
    document.body.replaceChildren();
    await showMorning();
    expect(offer()).toBeNull();
  });

  it('asks the browser when it is accepted, and shows a refusal of the browser', async () => {
    const asked = browser('default', 'denied');
    const { user } = await showMorning();
    await user.click(screen.getByRole('button', { name: 'Allow' }));
    expect(asked).toHaveBeenCalledOnce();
    expect(offer()).toBeNull();
    expect(screen.getAllByText(/The browser does not allow notifications/)).toHaveLength(2);
  });

  it('replaces no notification of a request that still waits when a message arrives', async () => {
    const tags: (string | undefined)[] = [];
    class PageNotification extends EventTarget {
      static readonly permission = 'granted';
      constructor(_title: string, options?: NotificationOptions) {
        super();
        tags.push(options?.tag);
      }
    }
    vi.stubGlobal('Notification', PageNotification);
    const { port } = await showMorning();
    document.hasFocus = () => false;
    await ask(port, 'kevin');
    await happen(() => port.add({ ...incoming(5_000), conversation: '@kevin', from: 'kevin' }));
    await vi.waitFor(() => expect(tags).toEqual(['request @kevin', 'message @kevin']));
  });

  it.each(['granted', 'denied'] as const)('is not shown if the permission of the browser is %s', async (permission) => {
    browser(permission, permission);
    await showMorning();
    expect(offer()).toBeNull();
  });

  it('is not shown in the desktop app, or if notifications are off', async () => {
    browser('default', 'granted');
    const port = await showOnDesktop();
    expect(offer()).toBeNull();
    port.hostState = {
      ...port.hostState,
      kind: 'browser',
      preferences: { ...port.hostState.preferences, notifications: false },
    };
    await happen(() => port.emitHost({ name: 'host.replaced' }));
    expect(offer()).toBeNull();
  });
});

describe('Message behind a dialog (G5)', () => {
  const read = (port: FakePort) => port.calls.filter(({ name }) => name === 'conversation.read');

  it.each([
    ['the palette', '{Control>}k{/Control}'],
    ['the settings', '{Control>},{/Control}'],
  ])('notifies and is read only when %s is closed', async (_which, keys) => {
    const port = await showOnDesktop();
    const user = userEvent.setup();
    await user.keyboard(keys);
    const before = read(port).length;
    await happen(() => port.add(incoming(9_001)));
    expect(raised(port).map(({ title, body }) => [title, body])).toEqual([['hans', 'hello']]);
    expect(read(port)).toHaveLength(before);
    const [dialog] = screen.getAllByRole('dialog');
    await happen(() => void dialog?.dispatchEvent(new Event('cancel', { cancelable: true })));
    await vi.waitFor(() => expect(read(port)).toHaveLength(before + 1));
    expect(within(screen.getByRole('feed')).getByText('New')).toBeTruthy();
  });

  it('does not count as read while Aside is locked', async () => {
    const port = await showOnDesktop();
    port.hostState = { ...port.hostState, lock: 'locked' };
    await happen(() => port.emitHost({ name: 'host.replaced' }));
    const before = read(port).length;
    await happen(() => port.add(incoming(9_001)));
    expect(read(port)).toHaveLength(before);
  });
});

describe('Line "new" (G2)', () => {
  it('is drawn above the first message that came while the window had no focus', async () => {
    const port = await showOnDesktop();
    const feed = () => within(screen.getByRole('feed'));
    expect(feed().queryByText('New')).toBeNull();
    document.hasFocus = () => false;
    await happen(() => {
      port.add(incoming(9_001));
      port.add(incoming(9_002));
    });
    const [first] = feed().getAllByText('hello');
    expect(feed().getByText('New').closest('article')).toBe(first?.closest('article'));
    expect(feed().getAllByText('New')).toHaveLength(1);
  });
});
