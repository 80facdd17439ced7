import { screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { sameAccount } from '../../../src/renderer/features/start/server-address.ts';
import { FakePort } from '../../support/demo-page/fake-port.ts';
import { failed, succeeded } from '../../../src/shared/client-api/failure.ts';
import { emptyView } from '../../../src/shared/client-api/reduce.ts';
import { happen, preparePage, show, showMorning } from '../../support/renderer.ts';

const HERE = { host: 'chat.example.net', port: 12_000 };
const KEV = { username: 'kev', server: HERE };
const ANNA = { username: 'anna', server: HERE };
const ELSEWHERE = { username: 'kev', server: { host: 'other.example.net', port: 9_000 } };

beforeEach(preparePage);

async function openAccountPage() {
  const shown = await showMorning();
  const { port, user } = shown;
  port.hostState = { ...port.hostState, accounts: [KEV, ANNA, ELSEWHERE] };
  await happen(() => port.emitHost({ name: 'host.replaced' }));
  await user.keyboard('{Control>},{/Control}');
  await user.click(screen.getByRole('tab', { name: 'Account' }));
  return shown;
}

const called = (port: FakePort, command: string) =>
  port.calls.filter(({ name }) => name === command).map(({ params }) => params);

describe('Account list', () => {
  it('shows the account in use and the others with their servers', async () => {
    await openAccountPage();
    const list = within(screen.getByRole('region', { name: 'Accounts on this computer' }));
    const rows = list.getAllByRole('listitem').map((row) => row.textContent);
    expect(rows).toEqual([
      expect.stringMatching(/kev.*chat\.example\.net:12000.*in use/),
      expect.stringMatching(/anna.*chat\.example\.net:12000/),
      expect.stringMatching(/kev.*other\.example\.net:9000/),
    ]);
    expect(list.queryByRole('button', { name: 'Continue as kev at chat.example.net:12000' })).toBeNull();
  });

  it('switches only after the switch was explained', async () => {
    const { port, user } = await openAccountPage();
    await happen(() => port.emit('outbox.changed', { waiting: 1 }));
    await user.click(screen.getByRole('button', { name: 'Continue as anna at chat.example.net:12000' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Continue as anna at chat.example.net:12000?' }));
    expect(dialog.getByText(/^kev goes offline: other users see this after about ten seconds/)).toBeTruthy();
    expect(dialog.getByText('Messages that wait here are sent when you come back.')).toBeTruthy();
    expect(dialog.queryByText(/Your private sessions end/)).toBeNull();
    expect(called(port, 'host.chooseAccount')).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Continue' }));
    expect(called(port, 'host.chooseAccount')).toEqual([ANNA]);
    expect(called(port, 'session.signOut'), 'left, not signed out').toEqual([]);
  });

  it('explains that private sessions end; without a connection, no other user sees it', async () => {
    const { port, user } = await openAccountPage();
    const session = {
      sid: 's',
      username: 'hans',
      initiator: true,
      state: { state: 'connecting', because: 'accepted' },
      keep: { own: false, peer: false },
    } as const;
    await happen(() => {
      port.emit('private.changed', { session });
      port.emit('connection.changed', { connection: { state: 'idle' } });
    });
    await user.click(screen.getByRole('button', { name: 'Continue as anna at chat.example.net:12000' }));
    expect(screen.getByText(/Your private sessions end/)).toBeTruthy();
    expect(screen.queryByText(/others see you go/)).toBeNull();
  });

  it('shows why an account cannot be opened', async () => {
    const { port, user } = await openAccountPage();
    port.answerHost('host.chooseAccount', () => failed('no-token'));
    await user.click(screen.getByRole('button', { name: /^Continue as kev at other/ }));
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    expect(screen.getAllByText(/This account is not signed in on this computer/).length).toBeGreaterThan(0);
  });

  it('adds an account with the empty start screen, which has a way back', async () => {
    const { port, user } = await openAccountPage();
    port.answerHost('host.chooseServer', (server) => {
      port.view = { ...emptyView(), fingerprint: 'AB' };
      port.hostState = { ...port.hostState, server };
      port.emitHost({ name: 'host.replaced' });
      return succeeded({});
    });
    await user.click(screen.getByRole('button', { name: 'Use another account' }));
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    expect(called(port, 'host.chooseServer')).toEqual([HERE]);
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Username' }).value).toBe('');
    expect(screen.getAllByRole('button', { name: /^Continue as/ }).map((one) => one.textContent)).toEqual([
      expect.stringMatching(/Continue as kev at chat.example.net:12000$/),
      expect.stringMatching(/Continue as anna at chat.example.net:12000$/),
      expect.stringMatching(/Continue as kev at other.example.net:9000$/),
    ]);
  });

  it('forgets an account only after the explanation; the account in use is signed out first', async () => {
    const { port, user } = await openAccountPage();
    await user.click(screen.getByRole('button', { name: 'Forget anna at chat.example.net:12000' }));
    expect(screen.getByText(/^Its conversations stay on this computer.*first continue with this account/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Forget' }));
    expect(called(port, 'session.signOut')).toEqual([]);
    expect(called(port, 'host.forgetAccount')).toEqual([ANNA]);

    await user.keyboard('{Control>},{/Control}');
    await user.click(screen.getByRole('tab', { name: 'Account' }));
    await user.click(screen.getByRole('button', { name: 'Forget kev at chat.example.net:12000' }));
    await user.click(screen.getByRole('button', { name: 'Open History' }));
    expect(screen.getByRole('tabpanel', { name: 'History' })).toBeTruthy();
    await user.click(screen.getByRole('tab', { name: 'Account' }));
    await user.click(screen.getByRole('button', { name: 'Forget kev at chat.example.net:12000' }));
    await user.click(screen.getByRole('button', { name: 'Forget' }));
    const names = port.calls.map(({ name }) => name);
    expect(names.lastIndexOf('session.signOut')).toBe(names.lastIndexOf('host.forgetAccount') - 1);
    expect(called(port, 'host.forgetAccount').at(-1)).toEqual(KEV);
  });
});

describe('Start screen with remembered accounts', () => {
  it.each([true, false])(
    'continues with an account and asks for its password if needed (choosing a server: %s)',
    async (away) => {
      const port = new FakePort({ fingerprint: 'AB' }, { server: HERE, accounts: [KEV, ELSEWHERE] });
      const user = await show(port);
      if (away) await user.click(screen.getByRole('button', { name: 'Another server' }));
      port.answerHost('host.chooseAccount', ({ username, server }) => {
        port.view = {
          ...emptyView(),
          username,
          fingerprint: 'AB',
          connection: { state: 'signed-out', reason: 'token-invalid' },
        };
        port.hostState = { ...port.hostState, server };
        port.emitHost({ name: 'host.replaced' });
        return succeeded({});
      });
      await user.click(screen.getByRole('button', { name: 'Continue as kev at other.example.net:9000' }));
      expect(called(port, 'host.chooseAccount')).toEqual([ELSEWHERE]);
      expect(screen.getByText('This sign-in is no longer valid. Sign in with the password.')).toBeTruthy();
      expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Username' }).value).toBe('kev');
      expect(screen.getByRole('button', { name: 'Sign in' })).toBeTruthy();
      expect(screen.queryByRole('button', { name: 'Continue as kev at other.example.net:9000' })).toBeNull();
      expect(screen.getByRole('button', { name: 'Continue as kev at chat.example.net:12000' })).toBeTruthy();
    },
  );

  it('distinguishes accounts by folded username, host and port', () => {
    expect(sameAccount(KEV, { username: 'KEV', server: { host: 'Chat.example.net', port: 12_000 } })).toBe(true);
    expect(sameAccount(KEV, ANNA)).toBe(false);
    expect(sameAccount(KEV, ELSEWHERE)).toBe(false);
  });
});

describe('Server that has moved (B8)', () => {
  it('takes its new address, and says why another server is refused', async () => {
    const { port, user } = await openAccountPage();
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'New address' });
    port.answerHost('host.moveServer', () => failed('another-server'));
    await user.click(field);
    await user.paste('localhost:443');
    await user.keyboard('{Enter}');
    expect(called(port, 'host.moveServer')).toEqual([{ host: 'localhost', port: 443 }]);
    expect(screen.getByText(/^Another server answers at this address/)).toBeTruthy();
    expect(field.value).toBe('localhost:443');

    port.answerHost('host.moveServer', () => succeeded({}));
    await user.click(screen.getByRole('button', { name: 'Change address' }));
    // In the notice, and for screen readers.
    expect(await screen.findAllByText('This app connects to localhost:443 now.')).toHaveLength(2);
    expect(field.value).toBe('');
  });
});
