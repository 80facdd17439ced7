import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionRecord } from '../../src/renderer/actions/action-record.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'src', 'renderer', 'actions');

/** Every action record of the window, from all modules of the registry: also those that no list of the window contains. */
export async function allActions(): Promise<readonly ActionRecord[]> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));
  const modules = await Promise.all(
    files.map((name) => import(join(FOLDER, name)) as Promise<Readonly<Record<string, unknown>>>),
  );
  return [...new Set(modules.flatMap((module) => Object.values(module).flat().filter(isAction)))];
}

function isAction(value: unknown): value is ActionRecord {
  return typeof value === 'object' && value !== null && 'id' in value && 'label' in value && 'run' in value;
}
