import { act, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DemoWorld } from '../../support/demo-page/demo-world.ts';
import { succeeded } from '../../../src/shared/client-api/failure.ts';
import { happen, NOW, preparePage, show, showMorning } from '../../support/renderer.ts';

beforeEach(() => {
  preparePage();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => vi.useRealTimers());

async function lookBack() {
  const shown = await showMorning();
  await shown.user.click(screen.getByRole('button', { name: 'Who was here' }));
  return { ...shown, dialog: within(screen.getByRole('dialog', { name: 'Who was here' })) };
}

describe('Online history (C3, G4)', () => {
  it('names each user with all times for screen readers', async () => {
    const { dialog } = await lookBack();
    const names = dialog.getAllByRole('img').map((one) => one.getAttribute('aria-label'));
    expect(names).toContain('hans: 03:30 – 05:54, 06:54 – now');
    expect(names).toContain('yoda: 08:06 – 08:24, 09:00 – now');
  });

  it('shows exact times for the focus and the pointer only', async () => {
    const { dialog, user } = await lookBack();
    const yoda = dialog.getByRole('img', { name: /^yoda/ });
    const told = () => dialog.getAllByRole('status').at(0)?.textContent;
    yoda.focus();
    await user.keyboard('{ArrowRight}');
    expect(told()).toBe('yoda: 08:06 – 08:24');
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(told()).toBe('yoda: 09:00 – now');
    await user.keyboard('{ArrowLeft}');
    expect(told()).toBe('yoda: 08:06 – 08:24');
    await user.tab();
    expect(told()).toBe('Point at a bar for exact times, or use the arrow keys.');
    await user.hover(dialog.getByTitle('06:54 – now'));
    expect(told()).toBe('hans: 06:54 – now');
  });

  it('reads the chosen span, and shows it also as a table', async () => {
    const { port, dialog, user } = await lookBack();
    const asked = () => port.calls.filter(({ name }) => name === 'presence.history').at(-1)?.params;
    for (const [name, seconds] of [
      ['1 hour', 3_600],
      ['1 day', 86_400],
      ['7 days', 604_800],
    ] as const) {
      await user.click(dialog.getByRole('radio', { name }));
      expect(asked()).toEqual({ seconds });
    }
    await user.click(dialog.getByRole('button', { name: 'Show as table' }));
    const table = within(dialog.getByRole('table', { name: 'Who was here' }));
    expect(table.getAllByRole('columnheader').map((one) => one.textContent)).toEqual(['User', 'Online']);
    const leia = table.getByRole('row', { name: /^leia/ });
    expect(leia.textContent).toBe('leiaSat 08:30 – Sat 12:3002:54 – 04:42');
  });

  it.each([30_000, -5_000])('shows a user who came online %i ms ago, also without other users', async (ms) => {
    const { port, user } = await showMorning();
    port.answer('presence.history', () => succeeded({ users: [{ username: 'rey', intervals: [[NOW - ms, null]] }] }));
    await user.click(screen.getByRole('button', { name: 'Who was here' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Who was here' }));
    const track = dialog.getByRole('img', { name: /^rey: .* – now$/ });
    expect(track.childElementCount).toBe(1);
  });

  it('shows a user who comes online later, without waiting for the next minute', async () => {
    const { port, user } = await showMorning();
    port.answer('presence.history', () => succeeded({ users: [] }));
    await user.click(screen.getByRole('button', { name: 'Who was here' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Who was here' }));
    expect(dialog.getByText('No users were online in this time.')).toBeTruthy();
    vi.setSystemTime(NOW + 20_000);
    const span = [NOW + 5_000, NOW + 15_000] as const;
    port.answer('presence.history', () => succeeded({ users: [{ username: 'rey', intervals: [[...span]] }] }));
    await user.click(dialog.getByRole('radio', { name: '1 hour' }));
    expect(dialog.getByRole('img', { name: /^rey/ }).childElementCount).toBe(1);
  });

  it('queries the server at most once in five seconds while many users sign in, and shows all of them in the end', async () => {
    vi.useRealTimers();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { port } = new DemoWorld(NOW).fill();
    await show(port);
    await happen(() => screen.getByRole('button', { name: 'Who was here' }).click());
    const asked = () => port.calls.filter(({ name }) => name === 'presence.history').length;
    const before = asked();
    let last = 0;
    port.answer('presence.history', () => {
      const users = Array.from({ length: last + 1 }, (_, n) => ({ username: `guest${n}`, intervals: [[0, null]] }));
      return succeeded({ users: users as never });
    });
    for (let guest = 0; guest < 50; guest++) {
      last = guest;
      const username = `guest${guest}`;
      await happen(() => port.emit('presence.changed', { username, online: true, at: NOW }));
      await act(() => vi.advanceTimersByTimeAsync(200));
    }
    // Ten seconds.
    expect(asked() - before).toBeLessThanOrEqual(2);
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(asked() - before).toBeLessThanOrEqual(3);
    const dialog = within(screen.getByRole('dialog', { name: 'Who was here' }));
    expect(dialog.getByRole('img', { name: /^guest49/ })).toBeTruthy();
  });

  it('shows the number of users that it doesn’t draw', async () => {
    const { port, user } = await showMorning();
    const users = Array.from({ length: 103 }, (_, n) => ({
      username: `guest${n}`,
      intervals: [[NOW - 60_000 * (n + 1), null]],
    }));
    port.answer('presence.history', () => succeeded({ users: users as never }));
    await user.click(screen.getByRole('button', { name: 'Who was here' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Who was here' }));
    expect(dialog.getAllByRole('img')).toHaveLength(100);
    expect(dialog.getByText('and 3 people more, with less time online')).toBeTruthy();
  });
});
