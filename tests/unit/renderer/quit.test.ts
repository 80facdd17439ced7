import { fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FakePort } from '../../support/demo-page/fake-port.ts';
import type { HostState } from '../../../src/shared/client-api/host.ts';
import { happen, preparePage, showMorning } from '../../support/renderer.ts';

beforeEach(preparePage);

async function showWith(hostState: Partial<HostState>) {
  const shown = await showMorning();
  shown.port.hostState = { ...shown.port.hostState, ...hostState };
  await happen(() => shown.port.emitHost({ name: 'host.replaced' }));
  return shown;
}

const quits = (port: FakePort) => port.calls.filter(({ name }) => name === 'host.quit').map(({ params }) => params);

describe('Quit action (G5)', () => {
  it('is in the palette and in the settings of the desktop app', async () => {
    const { port, user } = await showWith({ kind: 'desktop' });
    await user.keyboard('{Control>}k{/Control}quit{Enter}');
    expect(quits(port)).toEqual([{}]);
    await user.keyboard('{Control>},{/Control}');
    await user.click(screen.getByRole('tab', { name: 'About' }));
    await user.click(screen.getByRole('button', { name: 'Quit Aside' }));
    expect(quits(port)).toHaveLength(2);
  });

  it('has a shortcut, and runs after the host has the drafts', async () => {
    const { port, user } = await showWith({ kind: 'desktop' });
    await user.type(screen.getByRole('textbox', { name: /hans/ }), 'not yet');
    await user.keyboard('{Control>}q{/Control}');
    const calls = port.calls.map(({ name }) => name);
    expect(calls.indexOf('host.writeDraft')).toBeGreaterThan(-1);
    expect(calls.indexOf('host.writeDraft')).toBeLessThan(calls.indexOf('host.quit'));
  });

  it('is possible on the lock screen', async () => {
    const { port, user } = await showWith({ kind: 'desktop', lock: 'locked' });
    await user.click(screen.getByRole('button', { name: 'Quit Aside' }));
    expect(quits(port)).toEqual([{}]);
    await user.keyboard('{Control>}q{/Control}');
    expect(quits(port)).toHaveLength(2);
  });

  it('is missing in a browser, and its shortcut is left to the browser', async () => {
    const { port, user } = await showWith({ kind: 'browser' });
    expect(fireEvent.keyDown(document, { key: 'q', ctrlKey: true })).toBe(true);
    await user.keyboard('{Control>}k{/Control}quit');
    expect(screen.queryByRole('option', { name: 'Quit Aside' })).toBeNull();
    await happen(() => {
      port.hostState = { ...port.hostState, lock: 'locked' };
      port.emitHost({ name: 'host.replaced' });
    });
    expect(screen.queryByRole('button', { name: 'Quit Aside' })).toBeNull();
    expect(quits(port)).toEqual([]);
  });
});
