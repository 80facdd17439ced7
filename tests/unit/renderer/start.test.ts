import { act, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { en } from '../../../src/shared/text/en.ts';
import { FakePort } from '../../support/demo-page/fake-port.ts';
import { failed, succeeded } from '../../../src/shared/client-api/failure.ts';
import { happen, preparePage, reload, show, SOON } from '../../support/renderer.ts';

const FINGERPRINT = Array.from({ length: 32 }, () => 'AB').join(':');
const OTHER = Array.from({ length: 32 }, () => 'CD').join(':');

beforeEach(preparePage);

function signedOutPort(): FakePort {
  return new FakePort({ fingerprint: FINGERPRINT }, { server: { host: '127.0.0.1', port: 12_000 } });
}

describe('First start (G1)', () => {
  it('offers the local server, shows the fingerprint of a new server and trusts it only after the confirmation', async () => {
    const port = new FakePort();
    port.answerHost('host.probeServer', () => succeeded({ trust: 'new', fingerprint: FINGERPRINT }));
    const user = await show(port);
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Server' }).value).toBe('127.0.0.1:12000');
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    expect(screen.getByText('Is this the right server?')).toBeTruthy();
    expect(screen.getAllByText('AB:AB:AB:AB:AB:AB:AB:AB')).toHaveLength(4);
    expect(port.calls.map(({ name }) => name)).not.toContain('host.trustServer');
    await user.click(screen.getByRole('button', { name: 'They match' }));
    expect(port.calls).toContainEqual({
      name: 'host.trustServer',
      params: { host: '127.0.0.1', port: 12_000, fingerprint: FINGERPRINT },
    });
    expect(port.calls).toContainEqual({ name: 'host.chooseServer', params: { host: '127.0.0.1', port: 12_000 } });
  });

  it('trusts nothing if the fingerprints differ, and leads back to the address', async () => {
    const port = new FakePort();
    port.answerHost('host.probeServer', () => succeeded({ trust: 'new', fingerprint: FINGERPRINT }));
    const user = await show(port);
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    await user.click(screen.getByRole('button', { name: 'They differ' }));
    const end = screen.getByRole('alert', { name: 'This is another server' });
    expect(end.textContent).toContain('Aside has sent nothing to it and does not trust it.');
    expect(screen.queryByText('AB:AB:AB:AB:AB:AB:AB:AB')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Change the address' }));
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Server' }).value).toBe('127.0.0.1:12000');
    const called = port.calls.map(({ name }) => name);
    expect(called).not.toContain('host.trustServer');
    expect(called).not.toContain('host.chooseServer');
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    expect(screen.getByText('Is this the right server?')).toBeTruthy();
  });

  it('shows an invalid address at its field and opens no connection', async () => {
    const port = new FakePort();
    const user = await show(port);
    const field = screen.getByRole('textbox', { name: 'Server' });
    await user.clear(field);
    await user.type(field, 'not an address');
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText(/Enter a name or address/)).toBeTruthy();
    expect(port.calls.filter(({ name }) => name !== 'host.setUnread')).toEqual([]);
  });

  it('refuses a changed certificate until the user confirms it', async () => {
    const port = new FakePort();
    port.answerHost('host.probeServer', () =>
      succeeded({ trust: 'changed', fingerprint: OTHER, expected: FINGERPRINT }),
    );
    const user = await show(port);
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    const accept = screen.getByRole<HTMLButtonElement>('button', { name: 'Trust the new certificate' });
    expect(accept.disabled).toBe(true);
    await user.click(screen.getByRole('checkbox', { name: /I have asked/ }));
    expect(accept.disabled).toBe(false);
    await user.click(screen.getByRole('button', { name: 'Do not connect' }));
    expect(port.calls.map(({ name }) => name)).not.toContain('host.trustServer');
  });
});

describe('Damaged pin (G1)', () => {
  it('is shown, and no certificate is trusted until the user has compared it', async () => {
    const port = new FakePort();
    port.answerHost('host.probeServer', () => succeeded({ trust: 'unreadable', fingerprint: OTHER }));
    const user = await show(port);
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    expect(screen.getByRole('alert', { name: 'The stored certificate cannot be read' })).toBeTruthy();
    expect(port.calls.map(({ name }) => name)).not.toContain('host.trustServer');
    await user.click(screen.getByRole('checkbox', { name: /I have asked/ }));
    await user.click(screen.getByRole('button', { name: 'Trust the new certificate' }));
    expect(port.calls).toContainEqual({
      name: 'host.trustServer',
      params: { host: '127.0.0.1', port: 12_000, fingerprint: OTHER },
    });
  });
});

describe('Sign-in form (B1-B3)', () => {
  it('shows a wrong password at its field with the remaining tries, and focuses the field', async () => {
    const port = signedOutPort();
    port.answer('session.signIn', () => ({
      ok: false,
      failure: { reason: 'wrong-credentials', attemptsLeft: 1 },
    }));
    const user = await show(port);
    await user.click(screen.getByRole('button', { name: /Have an account/ }));
    await user.type(screen.getByRole('textbox', { name: 'Username' }), 'kev');
    await user.type(screen.getByLabelText('Password'), 'wrong{Enter}');
    const field = screen.getByLabelText<HTMLInputElement>('Password');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(field.value).toBe('');
    const described = field.getAttribute('aria-describedby') ?? '';
    expect(document.getElementById(described)?.textContent).toContain('One more try before the account is locked.');
    await vi.waitFor(() => expect(document.activeElement).toBe(field), SOON);
  });

  it.each([
    ['that was there before', { reason: 'locked' }],
    ['that this wrong password has brought', { reason: 'wrong-credentials', attemptsLeft: 0 }],
  ] as const)('counts a lockout down %s, and blocks sign-in until then', async (_which, refused) => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const port = signedOutPort();
      port.answer('session.signIn', () => ({
        ok: false,
        failure: { ...refused, retryAfterMs: 90_000 },
      }));
      const user = await show(port);
      await user.click(screen.getByRole('button', { name: /Have an account/ }));
      await user.type(screen.getByRole('textbox', { name: 'Username' }), 'kev');
      await user.type(screen.getByLabelText('Password'), 'right{Enter}');
      if (refused.reason === 'wrong-credentials') expect(screen.getByText(/Too many wrong passwords/)).toBeTruthy();
      expect(screen.getByRole('timer').textContent).toMatch(/another 1:(30|29)\./);
      expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Sign in' }).disabled).toBe(true);
      await act(() => vi.advanceTimersByTimeAsync(91_000));
      expect(screen.getByText('You can try again now.')).toBeTruthy();
      expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Sign in' }).disabled).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  it('blocks only the locked account: another account, or a new one, can sign in at once (B2)', async () => {
    const port = signedOutPort();
    port.answer('session.signIn', ({ username }) =>
      username.toLowerCase() === 'hans'
        ? { ok: false, failure: { reason: 'locked', retryAfterMs: 90_000 } }
        : succeeded({ username, waiting: 0 }),
    );
    const user = await show(port);
    await user.click(screen.getByRole('button', { name: /Have an account/ }));
    const name = screen.getByRole('textbox', { name: 'Username' });
    await user.type(name, 'hans');
    await user.type(screen.getByLabelText('Password'), 'some password{Enter}');
    const button = (label: string) => screen.getByRole<HTMLButtonElement>('button', { name: label });
    expect(button('Sign in').disabled).toBe(true);
    await user.click(screen.getByRole('button', { name: /New here/ }));
    expect(screen.queryByRole('timer')).toBeNull();
    expect(button('Create account').disabled).toBe(false);
    await user.click(screen.getByRole('button', { name: /Have an account/ }));
    await user.clear(name);
    await user.type(name, 'HANS');
    expect(screen.getByRole('timer')).toBeTruthy();
    expect(button('Sign in').disabled).toBe(true);
    await user.clear(name);
    await user.type(name, 'yoda');
    expect(screen.queryByRole('timer')).toBeNull();
    await user.click(button('Sign in'));
    expect(port.calls.at(-1)).toMatchObject({ name: 'session.signIn', params: { username: 'yoda' } });
  });

  it('offers to take over an account that is signed in elsewhere', async () => {
    const port = signedOutPort();
    port.answer('session.signIn', ({ takeOver }) =>
      takeOver === true
        ? succeeded({ username: 'kev', waiting: 0 })
        : { ok: false, failure: { reason: 'already-online' } },
    );
    const user = await show(port);
    await user.click(screen.getByRole('button', { name: /Have an account/ }));
    await user.type(screen.getByRole('textbox', { name: 'Username' }), 'kev');
    await user.type(screen.getByLabelText('Password'), 'right password{Enter}');
    await user.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Take over' }));
    expect(port.calls.at(-1)).toEqual({
      name: 'session.signIn',
      params: { username: 'kev', password: 'right password', takeOver: true },
    });
  });

  it('checks a new account before it sends anything', async () => {
    const port = signedOutPort();
    const user = await show(port);
    await user.type(screen.getByRole('textbox', { name: 'Username' }), 'kev');
    await user.type(screen.getByLabelText('Password'), 'short');
    await user.click(screen.getByRole('button', { name: 'Create account' }));
    expect(screen.getByText('The password is too short. Use 8 characters or more.')).toBeTruthy();
    await user.clear(screen.getByLabelText('Password'));
    await user.type(screen.getByLabelText('Password'), 'long enough');
    await user.type(screen.getByLabelText('Repeat password'), 'long enouhg');
    await user.click(screen.getByRole('button', { name: 'Create account' }));
    expect(screen.getByText('The passwords do not match.')).toBeTruthy();
    expect(port.calls.filter(({ name }) => name.startsWith('session.'))).toEqual([]);
  });

  it('shows all faults of the entry at once', async () => {
    const port = signedOutPort();
    port.answerHost('host.probeServer', () => succeeded({ trust: 'known', registration: 'invite' }));
    const user = await show(port);
    await screen.findByLabelText('Invitation');
    await user.type(screen.getByRole('textbox', { name: 'Username' }), 'k'.repeat(33));
    await user.type(screen.getByLabelText('Password'), 'short');
    await user.type(screen.getByLabelText('Repeat password'), 'shot');
    await user.click(screen.getByRole('button', { name: 'Create account' }));
    expect(screen.getByText('The username is too long. Use 32 characters or fewer.')).toBeTruthy();
    expect(screen.getByText('The password is too short. Use 8 characters or more.')).toBeTruthy();
    expect(screen.getByText('The passwords do not match.')).toBeTruthy();
    expect(screen.getByText('Enter your invitation.')).toBeTruthy();
    expect(port.calls.filter(({ name }) => name.startsWith('session.'))).toEqual([]);
  });

  it.each(['open', 'closed', undefined] as const)(
    'has no field for an invitation if the policy is %s',
    async (policy) => {
      const port = signedOutPort();
      port.answerHost('host.probeServer', () =>
        succeeded({ trust: 'known', ...(policy === undefined ? {} : { registration: policy }) }),
      );
      await show(port);
      await happen(() => undefined);
      expect(screen.queryByLabelText('Invitation')).toBeNull();
      const register = screen.queryByRole('button', { name: 'Create account' });
      expect(register === null).toBe(policy === 'closed');
    },
  );

  it('asks for the invitation that a refusal names, if the policy could not be read', async () => {
    const port = signedOutPort();
    port.answerHost('host.probeServer', () => failed('cannot-connect'));
    port.answer('session.register', ({ invite }) =>
      invite === undefined ? failed('invite-invalid') : succeeded({ username: 'kev', waiting: 0 }),
    );
    const user = await show(port);
    await user.type(screen.getByRole('textbox', { name: 'Username' }), 'kev');
    await user.type(screen.getByLabelText('Password'), 'long enough');
    await user.type(screen.getByLabelText('Repeat password'), 'long enough{Enter}');
    const field = screen.getByLabelText('Invitation');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    await user.type(field, 'an invitation{Enter}');
    expect(port.calls.at(-1)).toMatchObject({ name: 'session.register', params: { invite: 'an invitation' } });
  });

  it('stays until the server accepts, then shows the conversations', async () => {
    const port = signedOutPort();
    port.answer('session.register', () => {
      port.emit('connection.changed', { connection: { state: 'online', since: 1 } });
      port.emit('session.started', { username: 'kev', waiting: 0, resumed: false });
      return succeeded({ username: 'kev', waiting: 0 });
    });
    const user = await show(port);
    await user.type(screen.getByRole('textbox', { name: 'Username' }), 'kev');
    await user.type(screen.getByLabelText('Password'), 'long enough');
    await user.type(screen.getByLabelText('Repeat password'), 'long enough{Enter}');
    expect(screen.getByRole('navigation', { name: 'People and conversations' })).toBeTruthy();
    await happen(() => port.emit('connection.changed', { connection: { state: 'signed-out', reason: 'by-you' } }));
    expect(screen.getByText('You signed out.')).toBeTruthy();
  });

  it('shows with texts of the catalogue why no server answers, at both steps (G6)', async () => {
    const refused = {
      ok: false,
      failure: {
        reason: 'cannot-connect',
        message: 'the words of the host',
        problem: { kind: 'refused', detail: 'code 7' },
      },
    } as const;
    const first = new FakePort();
    first.answerHost('host.probeServer', () => refused);
    const strings = { ...en, problems: { ...en.problems, refused: 'Niemand antwortet dort.' } };
    const user = await show(first, strings);
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    expect(screen.getByText('Niemand antwortet dort. (code 7)')).toBeTruthy();
    document.body.replaceChildren();

    const port = signedOutPort();
    port.answer('session.signIn', () => refused);
    await show(port, strings);
    await user.click(screen.getByRole('button', { name: /Have an account/ }));
    await user.type(screen.getByRole('textbox', { name: 'Username' }), 'kev');
    await user.type(screen.getByLabelText('Password'), 'right password{Enter}');
    expect(screen.getByText('Niemand antwortet dort. (code 7)')).toBeTruthy();
    expect(screen.queryByText(/words of the host/)).toBeNull();
  });

  it('shows a failure that belongs to no field', async () => {
    const port = signedOutPort();
    port.answer('session.register', () => failed('cannot-connect', { detail: 'no-server' }));
    const user = await show(port);
    await user.type(screen.getByRole('textbox', { name: 'Username' }), 'kev');
    await user.type(screen.getByLabelText('Password'), 'long enough');
    await user.type(screen.getByLabelText('Repeat password'), 'long enough{Enter}');
    expect(screen.getByText('Choose a server first.')).toBeTruthy();
  });
});

describe('Form of the start screen after a page load (G7)', () => {
  const button = (name: string) => screen.queryByRole('button', { name });
  const invitingPort = () => {
    const port = signedOutPort();
    port.answerHost('host.probeServer', () => succeeded({ trust: 'known', registration: 'invite' }));
    return port;
  };
  const register = async (user: Awaited<ReturnType<typeof show>>) => {
    await user.type(screen.getByRole('textbox', { name: 'Username' }), 'kev');
    await user.type(screen.getByLabelText('Password'), 'long enough');
    await user.type(screen.getByLabelText('Repeat password'), 'long enough');
    await user.type(await screen.findByLabelText('Invitation'), 'an invitation{Enter}');
  };

  it.each(['username-taken', 'invite-invalid'])(
    'is the registration after a refused registration (%s)',
    async (reason) => {
      const port = invitingPort();
      port.answer('session.register', ({ username }) => {
        // The client knows the username of the last attempt.
        port.view = { ...port.view, username };
        return { ok: false, failure: { reason } };
      });
      await register(await show(port));
      await reload(port);
      expect(button('Create account')).toBeTruthy();
      expect(button('Sign in')).toBeNull();
      expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Username' }).value).toBe('kev');
      expect(screen.getByLabelText<HTMLInputElement>('Password').value).toBe('');
      expect(JSON.stringify(history.state)).not.toMatch(/long enough|an invitation/);
    },
  );

  it('is the form that the user chose, with its server', async () => {
    const port = invitingPort();
    const user = await show(port);
    await user.click(screen.getByRole('button', { name: /Have an account/ }));
    await reload(port);
    expect(button('Sign in')).toBeTruthy();
    port.hostState = { ...port.hostState, server: { host: '127.0.0.1', port: 12_001 } };
    await reload(port);
    expect(button('Create account')).toBeTruthy();
  });

  it('is forgotten after a sign-in, and the open conversation stays remembered', async () => {
    const port = invitingPort();
    port.answer('session.register', () => {
      port.emit('connection.changed', { connection: { state: 'online', since: 1 } });
      port.emit('session.started', { username: 'kev', waiting: 0, resumed: false });
      return succeeded({ username: 'kev', waiting: 0 });
    });
    history.replaceState({ account: 'kev@127.0.0.1:12000', conversation: '@hans' }, '');
    await register(await show(port));
    expect(history.state).toEqual({ account: 'kev@127.0.0.1:12000', conversation: '@hans' });
    await happen(() => port.emit('connection.changed', { connection: { state: 'signed-out', reason: 'by-you' } }));
    await reload(port);
    expect(button('Sign in')).toBeTruthy();
  });

  it('is the sign-in for a listed account that needs its password', async () => {
    const port = invitingPort();
    port.hostState = {
      ...port.hostState,
      accounts: [{ server: { host: '127.0.0.1', port: 12_000 }, username: 'hans' }],
    };
    port.answer('session.register', () => ({ ok: false, failure: { reason: 'username-taken' } }));
    port.answerHost('host.chooseAccount', () => succeeded({}));
    const user = await show(port);
    await register(user);
    await user.click(screen.getByRole('button', { name: /^Continue as hans/ }));
    expect(button('Sign in')).toBeTruthy();
  });
});
