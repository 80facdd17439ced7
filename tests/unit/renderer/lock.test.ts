import { fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DemoWorld } from '../../support/demo-page/demo-world.ts';
import { FakePort } from '../../support/demo-page/fake-port.ts';
import { failed, succeeded } from '../../../src/shared/client-api/failure.ts';
import { happen, NOW, preparePage, show, SOON } from '../../support/renderer.ts';

beforeEach(preparePage);

const errorOf = (field: HTMLElement) =>
  (field.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '')
    .join(' ');

describe('Lock screen (G1, G8)', () => {
  it('shows only a field, which has the focus, and opens with the passphrase', async () => {
    const world = new DemoWorld(NOW).fill();
    const open = { view: world.port.view, hostState: world.port.hostState };
    const port = new FakePort({}, { lock: 'locked', dataFolder: '/home/kev/.local/share/aside' });
    let finish: () => void = () => undefined;
    port.host = (name, params) => {
      port.calls.push({ name, params });
      if (name !== 'host.unlock') return Promise.resolve(succeeded({} as never));
      const wrong = (params as { passphrase: string }).passphrase !== 'correct horse';
      return new Promise((resolve) => {
        finish = () => {
          if (!wrong) {
            Object.assign(port, open, { hostState: { ...open.hostState, lock: 'passphrase' } });
            port.emitHost({ name: 'host.replaced' });
          }
          resolve(wrong ? failed('wrong-passphrase') : succeeded({} as never));
        };
      });
    };
    const user = await show(port);
    expect(screen.getByRole('heading', { name: 'Aside is locked' })).toBeTruthy();
    expect(screen.queryByRole('navigation')).toBeNull();
    const field = screen.getByLabelText<HTMLInputElement>('Passphrase');
    expect(document.activeElement).toBe(field);

    await user.keyboard('{Enter}');
    expect(errorOf(field)).toBe('Enter your passphrase.');
    await user.type(field, 'wrong horse{Enter}{Enter}');
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Unlocking…' }).disabled).toBe(true);
    await happen(() => finish());
    expect(errorOf(field)).toBe('The passphrase is wrong. Try again.');
    expect(field.value).toBe('wrong horse');
    await vi.waitFor(() => expect(document.activeElement).toBe(field), SOON);
    expect(field.type).toBe('password');
    await user.click(screen.getByRole('button', { name: 'Show password' }));
    expect(field.type).toBe('text');

    await user.clear(field);
    expect(errorOf(field)).toBe('');
    await user.type(field, 'correct horse{Enter}');
    await happen(() => finish());
    expect(screen.queryByRole('heading', { name: 'Aside is locked' })).toBeNull();
    expect(screen.getByRole('navigation')).toBeTruthy();
    expect(port.calls.filter(({ name }) => name === 'host.unlock')).toHaveLength(2);
  });

  it('explains what to do without the passphrase, and names the folder', async () => {
    await show(new FakePort({}, { lock: 'locked', dataFolder: '/home/kev/.local/share/aside' }));
    expect(screen.getByText(/move this folder away.*: \/home\/kev\/\.local\/share\/aside\./)).toBeTruthy();
  });
});

async function showAccount(lock: 'none' | 'passphrase' | 'system') {
  const { port } = new DemoWorld(NOW).fill();
  port.hostState = { ...port.hostState, lock };
  const user = await show(port);
  await user.keyboard('{Control>},{/Control}');
  await user.click(screen.getByRole('tab', { name: 'Account' }));
  const sent = () => port.calls.filter(({ name }) => name === 'host.setPassphrase').map(({ params }) => params);
  return { port, user, sent };
}

describe('New passphrase (G1, G8)', () => {
  it('is explained, entered twice and confirmed', async () => {
    const { user, sent, port } = await showAccount('none');
    expect(screen.getByText(/If you lose it, your history on this computer cannot be opened again/)).toBeTruthy();
    const [fresh, again] = ['New passphrase', 'Repeat new passphrase'].map((name) => screen.getByLabelText(name));
    const submit = screen.getByRole('button', { name: 'Set passphrase' });
    await user.click(submit);
    expect(errorOf(fresh as HTMLElement)).toContain('The passphrase is too short. Use 8 characters or more.');
    const tick = screen.getByRole('checkbox', { name: /I have written the passphrase down/ });
    expect(errorOf(tick)).toContain('Without the passphrase, your data cannot be opened');
    await user.type(fresh as HTMLElement, 'correct horse');
    await user.type(again as HTMLElement, 'correct house');
    await user.click(tick);
    await user.click(submit);
    expect(errorOf(again as HTMLElement)).toContain('do not match');
    expect(sent()).toEqual([]);
    await user.clear(again as HTMLElement);
    await user.type(again as HTMLElement, 'correct horse');
    port.answerHost('host.setPassphrase', () => {
      port.hostState = { ...port.hostState, lock: 'passphrase' };
      port.emitHost({ name: 'host.replaced' });
      return succeeded({});
    });
    await user.click(submit);
    expect(sent()).toEqual([{ passphrase: 'correct horse' }]);
    expect(await screen.findByText('The data on this computer is encrypted with your passphrase.')).toBeTruthy();
    expect(screen.getAllByText(/Passphrase set. Aside asks for it at the next start/).length).toBeGreaterThan(0);
  });

  it('leaves accounts of another program unencrypted, which are named with an advice', async () => {
    const { port } = await showAccount('passphrase');
    expect(screen.queryByText(/not encrypted yet/)).toBeNull();
    const server = { host: '::1', port: 12_000 };
    port.hostState = { ...port.hostState, unencrypted: ['hans', 'zoe'].map((username) => ({ server, username })) };
    await happen(() => port.emitHost({ name: 'host.replaced' }));
    const told = screen.getByText('2 accounts are not encrypted yet:').closest('[role=status]') as HTMLElement;
    expect(
      within(told)
        .getAllByRole('listitem')
        .map((one) => one.textContent),
    ).toEqual(['hans at [::1]:12000', 'zoe at [::1]:12000']);
    expect(told.textContent).toMatch(/Close that program\. Aside encrypts the data the next time/);
  });

  it('replaces the current one; a wrong current one is shown at its field', async () => {
    const { user, sent, port } = await showAccount('passphrase');
    port.answerHost('host.setPassphrase', () => failed('wrong-passphrase'));
    expect(screen.queryByRole('checkbox', { name: /I have written the passphrase down/ })).toBeNull();
    const current = screen.getByLabelText('Current passphrase');
    await user.type(current, 'wrong horse');
    await user.type(screen.getByLabelText('New passphrase'), 'another horse');
    await user.type(screen.getByLabelText('Repeat new passphrase'), 'another horse{Enter}');
    expect(sent()).toEqual([{ passphrase: 'another horse', current: 'wrong horse' }]);
    expect(errorOf(current)).toContain('The passphrase is wrong. Try again.');
  });

  it('is not offered if the system has a secret store', async () => {
    await showAccount('system');
    expect(screen.getByText(/The secret store of this computer protects/)).toBeTruthy();
    expect(screen.queryByLabelText('New passphrase')).toBeNull();
  });

  it.each([
    ['none', 1],
    ['system', 0],
  ] as const)('is offered once to who has just registered, as a notice: %s', async (lock, times) => {
    const server = { host: '127.0.0.1', port: 12_000 };
    const port = new FakePort({ fingerprint: 'AB' }, { server, lock });
    const user = await show(port);
    await user.type(screen.getByRole('textbox', { name: 'Username' }), 'kev');
    await user.type(screen.getByLabelText('Password'), 'correct horse');
    await user.type(screen.getByLabelText('Repeat password'), 'correct horse{Enter}');
    expect(port.calls.map(({ name }) => name)).toContain('session.register');
    // One is visible, one is for screen readers.
    expect(screen.queryAllByText(/To encrypt it, set a passphrase/)).toHaveLength(times * 2);
  });
});

describe('Lock action (G1, G8)', () => {
  async function locking() {
    const world = new DemoWorld(NOW).fill();
    const { port } = world;
    port.hostState = { ...port.hostState, lock: 'passphrase' };
    const open = { view: port.view, hostState: port.hostState };
    port.answerHost('host.lock', () => {
      port.emitHost({ name: 'host.locking' });
      const { view, hostState } = new FakePort({}, { lock: 'locked' });
      Object.assign(port, { view, hostState });
      port.emitHost({ name: 'host.replaced' });
      return succeeded({});
    });
    port.answerHost('host.unlock', () => {
      Object.assign(port, open);
      port.emitHost({ name: 'host.replaced' });
      return succeeded({});
    });
    const user = await show(port);
    return { port, user };
  }

  it('is in the palette, writes the drafts first, and the same conversation is open after unlocking', async () => {
    const { port, user } = await locking();
    await user.click(screen.getByRole('button', { name: /^hans/ }));
    await user.type(screen.getByRole('textbox', { name: /hans/ }), 'half');
    await user.keyboard('{Control>}k{/Control}lock now{Enter}');
    expect(await screen.findByRole('heading', { name: 'Aside is locked' })).toBeTruthy();
    const calls = port.calls.map(({ name }) => name);
    expect(calls.indexOf('host.writeDraft')).toBeGreaterThan(-1);
    expect(calls.indexOf('host.writeDraft')).toBeLessThan(calls.indexOf('host.lock'));
    expect(document.body.textContent).not.toContain('hans');
    await user.type(screen.getByLabelText('Passphrase'), 'correct horse{Enter}');
    expect(await screen.findByRole('textbox', { name: /hans/ })).toBeTruthy();
  });

  it('writes the drafts first if another window locks', async () => {
    const { port, user } = await locking();
    await user.click(screen.getByRole('button', { name: /^hans/ }));
    // In one event: the host would have the first letters of a slow typist before the last.
    fireEvent.change(screen.getByRole('textbox', { name: /hans/ }), { target: { value: 'half' } });
    expect(port.calls.map(({ name }) => name)).not.toContain('host.writeDraft');
    await happen(() => port.emitHost({ name: 'host.locking' }));
    expect(port.calls.slice(-2)).toEqual([
      { name: 'host.writeDraft', params: { conversation: '@hans', text: 'half' } },
      { name: 'host.handedOver', params: {} },
    ]);
  });

  it('is in the settings, and closes them', async () => {
    const { user } = await locking();
    await user.keyboard('{Control>},{/Control}');
    await user.click(screen.getByRole('tab', { name: 'Account' }));
    await user.click(screen.getByRole('button', { name: 'Lock now' }));
    await user.type(await screen.findByLabelText('Passphrase'), 'correct horse{Enter}');
    expect(await screen.findByRole('navigation')).toBeTruthy();
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it.each(['none', 'system'] as const)('is not offered without a passphrase: %s', async (lock) => {
    const { user } = await showAccount(lock);
    expect(screen.queryByRole('button', { name: 'Lock now' })).toBeNull();
    expect(screen.queryByRole('button', { name: /Remove passphrase/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Close' }));
    await user.keyboard('{Control>}k{/Control}lock now');
    expect(screen.getByRole('option', { name: /lock now/ })).toBeTruthy();
    expect(screen.queryByRole('option', { name: /Lock now/ })).toBeNull();
  });
});

describe('Removal of the passphrase (G1, G8)', () => {
  it('is explained, asks for the passphrase, and shows a wrong one at its field', async () => {
    const { user, port } = await showAccount('passphrase');
    await user.click(screen.getByRole('button', { name: 'Remove passphrase…' }));
    expect(screen.getByText(/becomes readable for anyone with access to your files/)).toBeTruthy();
    const field = screen.getByLabelText('Passphrase');
    expect(document.activeElement).toBe(field);
    await user.keyboard('{Enter}');
    expect(errorOf(field)).toContain('Enter your passphrase.');
    port.answerHost('host.removePassphrase', () => failed('wrong-passphrase'));
    await user.type(field, 'wrong horse{Enter}');
    expect(errorOf(field)).toContain('The passphrase is wrong. Try again.');
    port.answerHost('host.removePassphrase', () => {
      port.hostState = { ...port.hostState, lock: 'none' };
      port.emitHost({ name: 'host.replaced' });
      return succeeded({});
    });
    await user.clear(field);
    await user.type(field, 'correct horse{Enter}');
    expect(await screen.findAllByText('Passphrase removed.')).not.toHaveLength(0);
    expect(screen.getByRole('button', { name: 'Set passphrase' })).toBeTruthy();
  });
});

describe('Progress of the encryption (G8)', () => {
  it('is shown alone', async () => {
    const { port } = await showAccount('passphrase');
    await happen(() => port.emitHost({ name: 'host.protecting', protecting: { kind: 'encrypting', part: 0.1 } }));
    expect(screen.getByRole('heading', { name: 'Encrypting your data' })).toBeTruthy();
    expect(screen.queryByRole('dialog')).toBeNull();
    const bar = screen.getByRole<HTMLProgressElement>('progressbar', { name: 'Encrypting your data' });
    await happen(() => port.emitHost({ name: 'host.protecting', protecting: { kind: 'decrypting', part: 0.426 } }));
    expect(bar.value).toBe(0.426);
    expect(screen.getByText('42 %')).toBeTruthy();
    await happen(() => port.emitHost({ name: 'host.replaced' }));
    expect(await screen.findByRole('navigation')).toBeTruthy();
  });
});

describe('Settings that another window changed (G5)', () => {
  it('are shown at once', async () => {
    const { port, user } = await showAccount('none');
    await user.click(screen.getByRole('tab', { name: 'Appearance' }));
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Dark' }).checked).toBe(false);
    const preferences = { ...port.hostState.preferences, theme: 'dark' as const };
    await happen(() => port.emitHost({ name: 'host.preferencesChanged', preferences }));
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Dark' }).checked).toBe(true);
  });
});
