import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { en } from '../../../src/shared/text/en.ts';
import { DemoWorld } from '../../support/demo-page/demo-world.ts';
import { succeeded } from '../../../src/shared/client-api/failure.ts';
import { NOW, preparePage, show, showMorning } from '../../support/renderer.ts';

beforeEach(preparePage);

async function openDialog() {
  const shown = await showMorning();
  await shown.user.keyboard('{Control>}k{/Control}go to a date{Enter}');
  const asked = () => shown.port.calls.filter(({ name }) => name === 'history.since').map(({ params }) => params);
  return { ...shown, asked, dialog: within(screen.getByRole('dialog', { name: en.conversation.goToDate })) };
}

describe('Dialog for a date (G3)', () => {
  it('opens from the palette with its field focused, and goes to the first message of that day', async () => {
    const { user, asked, dialog } = await openDialog();
    const field = dialog.getByLabelText('Date');
    expect(document.activeElement).toBe(field);
    await user.click(dialog.getByRole('button', { name: 'Go' }));
    expect(dialog.getByText('Enter a date.')).toBeTruthy();
    await user.type(field, '2026-05-01');
    await user.keyboard('{Enter}');
    expect(asked()).toEqual([{ conversation: '@hans', at: new Date(2026, 4, 1).getTime(), limit: 100 }]);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('goes to the first message of the conversation', async () => {
    const { user, asked, dialog } = await openDialog();
    await user.click(dialog.getByRole('button', { name: 'First message' }));
    expect(asked()).toEqual([{ conversation: '@hans', at: 0, limit: 100 }]);
  });

  it('is not offered while no conversation is open', async () => {
    const user = await show(new DemoWorld(NOW).fill().port);
    await user.keyboard('{Control>}k{/Control}go to a date');
    expect(screen.queryByText(en.conversation.goToDate)).toBeNull();
  });
});

describe('Messages that take long to load', () => {
  it('are announced until they are there', async () => {
    const { port, user } = await showMorning();
    let finish: () => void = () => undefined;
    port.answer('history.page', () => new Promise((resolve) => (finish = () => resolve(succeeded({ messages: [] })))));
    await user.click(screen.getByRole('button', { name: /^leia/ }));
    expect(screen.getByText(en.conversation.loadingOlder).getAttribute('role')).toBe('status');
    finish();
    await waitFor(() => expect(screen.queryByText(en.conversation.loadingOlder)).toBeNull());
  });
});
