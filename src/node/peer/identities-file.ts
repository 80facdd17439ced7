import { z } from 'zod';
import type { IdentityRecord, IdentityStore } from '../../core/private/private-ports.ts';
import { identityKey, timestamp } from '../../shared/protocol/ids.ts';
import type { KeptText } from '../kept-text.ts';
import { ProfileError } from '../profile-error.ts';

const records = z.record(z.string(), z.object({ identityKey, verified: z.boolean(), since: timestamp }));

/** The device identities of people, as one account on one server has seen and verified them (F8), in one file. */
export class IdentitiesFile implements IdentityStore {
  #records: Map<string, IdentityRecord>;

  /** @throws ProfileError when the file is damaged: forgetting it silently would trust anybody anew */
  constructor(private readonly kept: KeptText) {
    const text = kept.read();
    try {
      this.#records = new Map(text === undefined ? [] : Object.entries(records.parse(JSON.parse(text))));
    } catch {
      throw new ProfileError(
        `The file of known identities is damaged: ${kept.file}. Restore it, or delete it and compare the safety numbers anew.`,
      );
    }
  }

  get(username: string): IdentityRecord | undefined {
    return this.#records.get(username);
  }

  put(username: string, record: IdentityRecord): void {
    const changed = new Map(this.#records).set(username, record);
    this.kept.write(`${JSON.stringify(Object.fromEntries(changed), undefined, 2)}\n`);
    this.#records = changed;
  }
}
