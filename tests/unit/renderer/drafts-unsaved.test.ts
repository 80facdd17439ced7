import { screen } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { DemoWorld } from '../../support/demo-page/demo-world.ts';
import { happen, NOW, preparePage, show } from '../../support/renderer.ts';

beforeEach(preparePage);

const REMARK = /^Your unsent text cannot be saved on this computer/;
/** The visible warning and the live region. */
const places = () => screen.queryAllByText(REMARK).length;

describe('Warning about unsaved drafts (G5, G7)', () => {
  it('is shown at the composer and announced once, until the host can save drafts', async () => {
    const world = new DemoWorld(NOW).fill();
    const user = await show(world.port);
    await user.click(screen.getByRole('button', { name: /^hans/ }));
    const field = screen.getByRole('textbox', { name: 'Message hans' });
    await user.type(field, 'half');
    expect(places()).toBe(0);
    await happen(() => world.port.emitHost({ name: 'host.draftsUnsaved', unsaved: true }));
    expect(places()).toBe(2);
    await user.type(field, ' done');
    expect((field as HTMLTextAreaElement).value).toBe('half done');
    await happen(() => world.port.emitHost({ name: 'host.draftsUnsaved', unsaved: false }));
    expect(screen.queryAllByText(REMARK, { selector: 'main p' })).toEqual([]);
  });

  it('is shown at once in a window that opens later, but not in a private session, which saves no draft (F7)', async () => {
    const world = new DemoWorld(NOW).fill();
    world.port.hostState = { ...world.port.hostState, draftsUnsaved: true };
    const user = await show(world.port);
    await user.click(screen.getByRole('button', { name: /^hans/ }));
    expect(screen.getAllByText(REMARK, { selector: 'main p' })).toHaveLength(1);
    await happen(() => world.aside('hans', { state: 'open', path: { kind: 'relayed' }, trust: 'known' }));
    expect(screen.getByRole('main', { name: 'Private conversation with hans' })).toBeTruthy();
    expect(screen.queryByText(REMARK)).toBeNull();
  });
});
