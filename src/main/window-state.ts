import { type BrowserWindow, type Rectangle, screen } from 'electron';
import { z } from 'zod';
import { readPrivateFile, writePrivateFile } from '../node/private-files.ts';

const whole = z.int();
const saved = z.object({ x: whole, y: whole, width: whole.min(1), height: whole.min(1), maximized: z.boolean() });
type Saved = z.infer<typeof saved>;

const SIZE = { width: 1_120, height: 760 } as const;
/** So much of a window must be on a screen that it can be grasped, pixels. */
const GRASP = 64;

/** @returns where the window was last time, where it can still be seen there */
export function readWindowState(file: string): Partial<Rectangle> & { maximized: boolean } {
  const state = read(file);
  if (state === undefined) return { ...SIZE, maximized: false };
  const { x, y, width, height, maximized } = state;
  const visible = screen
    .getAllDisplays()
    .some(
      ({ workArea: area }) =>
        x + width >= area.x + GRASP &&
        x <= area.x + area.width - GRASP &&
        y >= area.y &&
        y <= area.y + area.height - GRASP,
    );
  return visible ? { x, y, width, height, maximized } : { width, height, maximized };
}

/** Remembers where the window is. A disk that fails costs the place, nothing else. */
export function writeWindowState(file: string, window: BrowserWindow, maximized: boolean): void {
  const state: Saved = { ...window.getNormalBounds(), maximized };
  try {
    writePrivateFile(file, `${JSON.stringify(state)}\n`);
  } catch {
    // It opens in the middle of the screen next time.
  }
}

function read(file: string): Saved | undefined {
  try {
    return saved.parse(JSON.parse(readPrivateFile(file) ?? ''));
  } catch {
    return undefined;
  }
}
