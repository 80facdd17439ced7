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

describe('ending the app where it has a window of its own (G5)', () => {
  it('is a command of the palette, and a button in the settings', async () => {
    const { port, user } = await showWith({ kind: 'desktop' });
    await user.keyboard('{Control>}k{/Control}quit{Enter}');
    expect(quits(port)).toEqual([{}]);
    await user.keyboard('{Control>},{/Control}');
    await user.click(screen.getByRole('tab', { name: 'About' }));
    await user.click(screen.getByRole('button', { name: 'Quit Aside' }));
    expect(quits(port)).toHaveLength(2);
  });

  it('is a key, after what was being typed is with the host', async () => {
    const { port, user } = await showWith({ kind: 'desktop' });
    await user.type(screen.getByRole('textbox', { name: /hans/ }), 'not yet');
    await user.keyboard('{Control>}q{/Control}');
    const calls = port.calls.map(({ name }) => name);
    expect(calls.indexOf('host.writeDraft')).toBeGreaterThan(-1);
    expect(calls.indexOf('host.writeDraft')).toBeLessThan(calls.indexOf('host.quit'));
  });

  it('is possible while it is locked', async () => {
    const { port, user } = await showWith({ kind: 'desktop', lock: 'locked' });
    await user.click(screen.getByRole('button', { name: 'Quit Aside' }));
    expect(quits(port)).toEqual([{}]);
    await user.keyboard('{Control>}q{/Control}');
    expect(quits(port)).toHaveLength(2);
  });

  it('is the terminal’s in a browser, and the key the browser’s own', async () => {
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
