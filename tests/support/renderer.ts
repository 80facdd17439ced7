import { act, cleanup, configure, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { onTestFinished } from 'vitest';
import { showApp } from '../../src/renderer/app.tsx';
import type { FakePort } from './demo-page/fake-port.ts';
import { DemoWorld } from './demo-page/demo-world.ts';
import type { Strings } from '../../src/shared/text/en.ts';

/** A morning in November 2026, so that days and times are the same everywhere. */
export const NOW = new Date(2026, 10, 23, 10, 30).getTime();

/** Timeout for results that a user sees at once: a busy machine may be slow. */
export const SOON = { timeout: 15_000 };
configure({ asyncUtilTimeout: SOON.timeout });

const running: (() => void)[] = [];

/** Adds parts of the browser that jsdom lacks: layout, media queries, dialogs, highlights. */
export function preparePage(): void {
  onTestFinished(clearPage);
  const height = { configurable: true, get: heightOf };
  Object.defineProperties(HTMLElement.prototype, {
    offsetHeight: height,
    clientHeight: height,
    offsetWidth: { configurable: true, get: () => 800 },
    scrollHeight: { configurable: true, get: () => 100_000 },
  });
  Element.prototype.scrollTo = function scrollTo(this: Element, to?: ScrollToOptions | number) {
    this.scrollTop = typeof to === 'object' ? (to.top ?? 0) : 0;
    this.dispatchEvent(new Event('scroll'));
  };
  Element.prototype.scrollIntoView = () => undefined;
  Element.prototype.checkVisibility = () => true;
  globalThis.ResizeObserver = class {
    observe = () => undefined;
    unobserve = () => undefined;
    disconnect = () => undefined;
  };
  globalThis.matchMedia = () =>
    ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }) as never;
  document.hasFocus = () => true;
  // The state of a first page load.
  history.replaceState(null, '');
  HTMLDialogElement.prototype.showModal ??= function show(this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.open = false;
  };
  const Highlight = class extends Set<Range> {
    readonly ranges: readonly Range[];
    constructor(...ranges: readonly Range[]) {
      super(ranges);
      this.ranges = ranges;
    }
  };
  Object.assign(globalThis, { CSS: { highlights: new Map() }, Highlight, IS_REACT_ACT_ENVIRONMENT: true });
}

/** Removes everything of a test from the page, which all tests of a worker share. */
async function clearPage(): Promise<void> {
  await act(async () => {
    for (const stop of running.splice(0)) stop();
  });
  cleanup();
  document.body.replaceChildren();
  localStorage.clear();
  sessionStorage.clear();
  for (const { name } of document.documentElement.attributes) document.documentElement.removeAttribute(name);
}

/** The window is 800 pixels high, a message 60. */
function heightOf(this: HTMLElement): number {
  return this.dataset.index === undefined ? 800 : 60;
}

/** Shows the whole app on a port. */
export async function show(port: FakePort, strings?: Strings): Promise<ReturnType<typeof userEvent.setup>> {
  const root = document.createElement('div');
  document.body.append(root);
  await act(async () => {
    running.push(showApp(root, port, strings));
  });
  return userEvent.setup();
}

/** Loads the page again: only the browser's history state stays. */
export async function reload(port: FakePort): Promise<void> {
  await act(async () => {
    for (const stop of running.splice(0)) stop();
  });
  document.body.replaceChildren();
  await show(port);
}

/** Shows a demo world with one open conversation. */
export async function showMorning(
  name = 'hans',
): Promise<{ port: FakePort; user: ReturnType<typeof userEvent.setup> }> {
  const { port } = new DemoWorld(NOW).fill();
  const user = await show(port);
  await user.click(screen.getByRole('button', { name: new RegExp(`^${name}`) }));
  return { port, user };
}

/** Runs an action outside of the window and waits until the window shows its result. */
export async function happen(what: () => void): Promise<void> {
  await act(async () => what());
}
