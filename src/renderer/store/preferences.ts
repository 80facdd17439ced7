import type { Preferences } from '../../shared/client-api/host.ts';
import { type QuietFor, quietOf, withQuiet } from '../../shared/client-api/quiet.ts';
import type { Port } from '../port/client-port.ts';
import type { ClientState } from './client.ts';
import type { SliceStore } from './slice-store.ts';

/** Whether the user wants no notifications now. */
export function isQuiet(preferences: Preferences): boolean {
  return !preferences.notifications || quietOf(preferences, Date.now()) !== undefined;
}

/** Changes preferences in the window at once, and in the host. */
export class PreferenceActions {
  constructor(
    private readonly store: SliceStore<ClientState>,
    private readonly port: Port,
  ) {}

  change(change: Partial<Preferences>): void {
    this.#write({ ...this.store.getState().hostState.preferences, ...change });
  }

  /** @param length from now on; undefined: ends *do not disturb* */
  setQuiet(length: QuietFor | undefined): void {
    this.#write(withQuiet(this.store.getState().hostState.preferences, length, Date.now()));
  }

  #write(preferences: Preferences): void {
    this.store.setState(({ hostState }) => ({ hostState: { ...hostState, preferences } }));
    void this.port.host('host.writePreferences', preferences);
  }
}
