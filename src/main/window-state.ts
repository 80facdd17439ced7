import { type BrowserWindow, type Rectangle, screen } from 'electron';
import { z } from 'zod';
import { readPrivateFile, writePrivateFile } from '../node/private-files.ts';

const SIZE = { width: 1_120, height: 760 } as const;
const whole = z.int();
/** Unknown members of the file stay when it is written. */
const storedFile = z.looseObject({
  x: whole.optional(),
  y: whole.optional(),
  width: whole.min(1).default(SIZE.width),
  height: whole.min(1).default(SIZE.height),
  maximized: z.boolean().default(false),
});

/** Part of a window that must be on a screen so that the user can move it, pixels. */
const GRASP = 64;

/** @returns the window's last place, if that is still on a screen; its size otherwise */
export function readWindowState(file: string): Partial<Rectangle> & { maximized: boolean } {
  const { x, y, width, height, maximized } = load(file);
  if (x === undefined || y === undefined) return { width, height, maximized };
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

/** Stores the window's place. If the disk fails, only the place is lost. */
export function writeWindowState(file: string, window: BrowserWindow, maximized: boolean): void {
  const state = { ...load(file), ...window.getNormalBounds(), maximized };
  try {
    writePrivateFile(file, `${JSON.stringify(state)}\n`);
  } catch {
    // The window opens in the middle of the screen next time.
  }
}

function load(file: string): z.infer<typeof storedFile> {
  try {
    return storedFile.parse(JSON.parse(readPrivateFile(file) ?? ''));
  } catch {
    return storedFile.parse({});
  }
}
