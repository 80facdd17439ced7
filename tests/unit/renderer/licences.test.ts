// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readLicences } from '../../../src/renderer/features/settings/read-licences.ts';
import { happen, preparePage, showMorning } from '../../support/renderer.ts';

// The list is a file of the build, which a test of a component does not have.
vi.mock(import('../../../src/renderer/features/settings/read-licences.ts'), () => ({ readLicences: vi.fn() }));

beforeEach(preparePage);

async function openAbout() {
  const shown = await showMorning();
  await shown.user.keyboard('{Control>},{/Control}');
  await shown.user.click(screen.getByRole('tab', { name: 'About' }));
  return shown;
}

describe('the page about the app', () => {
  it('reads the licences only when they are wanted, and finds some by name or licence', async () => {
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

  it('says where the list is if it cannot be read', async () => {
    vi.mocked(readLicences).mockRejectedValue(new Error('no such file'));
    const { user } = await openAbout();
    await user.click(screen.getByRole('button', { name: 'Show the licences' }));
    expect(screen.getByText(/The list cannot be read/)).toBeTruthy();
  });

  it('shows the fingerprint of this device as that of the server', async () => {
    const { port } = await openAbout();
    expect(screen.getByText('Identity of this device for private sessions (SHA-256)')).toBeTruthy();
    expect(screen.getAllByText(/^29 /)).toHaveLength(2);
    port.hostState = { ...port.hostState, identity: undefined };
    await happen(() => port.emitHost({ name: 'host.replaced' }));
    expect(screen.queryByText('Identity of this device for private sessions (SHA-256)')).toBeNull();
  });

  it('names what else the desktop app has in it', async () => {
    const { port } = await openAbout();
    expect(screen.queryByText(/Chromium/)).toBeNull();
    port.hostState = { ...port.hostState, kind: 'desktop' };
    await happen(() => port.emitHost({ name: 'host.replaced' }));
    expect(screen.getByText(/Electron and Chromium/)).toBeTruthy();
  });
});
