import type { Outcome } from '../../shared/client-api/failure.ts';
import type { HostCommandName, HostCommandParams, HostCommandResult } from '../../shared/client-api/host.ts';
import type { Port } from '../port/client-port.ts';
import type { DraftActions } from './drafts.ts';
import type { ToastActions } from './toasts.ts';

/** Runs commands of the host. */
export class HostActions {
  constructor(
    private readonly port: Port,
    private readonly drafts: DraftActions,
    private readonly toasts: ToastActions,
  ) {}

  run<K extends HostCommandName>(name: K, params: HostCommandParams<K>): Promise<Outcome<HostCommandResult<K>>> {
    // The command may change the account, and unsaved drafts belong to the current one.
    this.drafts.flush();
    return this.port.host(name, params);
  }

  /** Locks the stored data; the lock screen comes with the next reload. */
  async lock(): Promise<void> {
    await this.#attempt('host.lock');
  }

  /** Ends the app on the desktop. */
  async quit(): Promise<void> {
    await this.#attempt('host.quit');
  }

  openLink(url: string): void {
    void this.port.host('host.openLink', { url });
  }

  async #attempt(name: 'host.lock' | 'host.quit'): Promise<void> {
    const outcome = await this.run(name, {});
    if (!outcome.ok) this.toasts.showFailure(outcome.failure);
  }
}
