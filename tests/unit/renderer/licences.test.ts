// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readLicences } from '../../../src/renderer/features/settings/read-licences.ts';
import { happen, preparePage, showMorning } from '../../support/renderer.ts';

// The build writes the list, so a component test has none.
vi.mock(import('../../../src/renderer/features/settings/read-licences.ts'), () => ({ readLicences: vi.fn() }));

beforeEach(preparePage);

async function openAbout() {
  const shown = await showMorning();
  await shown.user.keyboard('{Control>},{/Control}');
  await shown.user.click(screen.getByRole('tab', { name: 'About' }));
  return shown;
}

describe('About page', () => {
  it('loads the licences only on request, and finds packages by name or licence', async () => {
    vi.mocked(readLicences).mockResolvedValue([
      { name: 'react', version: '19.3.1', licence: 'MIT', text: 'Permission is granted' },
      { name: 'detect-libc', version: '2.0.2', licence: 'Apache-2.0', text: 'Terms and conditions' },
    ]);
    const { user } = await openAbout();
    expect(readLicences).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: 'Show the licences' }));
    expect(screen.getByText('2 packages')).toBeTruthy();
    expect(screen.getByText('Permission is granted')).toBeTruthy();
    await user.type(screen.getByRole('textbox', { name: 'Find a package or a licence' }), 'apache');
    expect(screen.getByText('1 package')).toBeTruthy();
    expect(screen.queryByText('Permission is granted')).toBeNull();
    expect(screen.getByText('Terms and conditions')).toBeTruthy();
  });

  it('names the file of the list if it cannot be read', async () => {
    vi.mocked(readLicences).mockRejectedValue(new Error('no such file'));
    const { user } = await openAbout();
    await user.click(screen.getByRole('button', { name: 'Show the licences' }));
    expect(screen.getByText(/The list cannot be read/)).toBeTruthy();
  });

  it('shows the fingerprints of this device and of the server in the same form', async () => {
    const { port } = await openAbout();
    expect(screen.getByText('Identity of this device for private sessions (SHA-256)')).toBeTruthy();
    expect(screen.getAllByText(/^29:/)).toHaveLength(2);
    port.hostState = { ...port.hostState, identity: undefined };
    await happen(() => port.emitHost({ name: 'host.replaced' }));
    expect(screen.queryByText('Identity of this device for private sessions (SHA-256)')).toBeNull();
  });

  it('names the other licences of the desktop app', async () => {
    const { port } = await openAbout();
    expect(screen.queryByText(/Chromium/)).toBeNull();
    port.hostState = { ...port.hostState, kind: 'desktop' };
    await happen(() => port.emitHost({ name: 'host.replaced' }));
    expect(screen.getByText(/Electron and Chromium/)).toBeTruthy();
  });
});
