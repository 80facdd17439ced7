import { z } from 'zod';
import type { IdentityRecord, IdentityStore } from '../../core/private/private-ports.ts';
import { identityKey, timestamp } from '../../shared/protocol/ids.ts';
import type { StoredText } from '../encrypted-file.ts';
import { ProfileError } from '../profile-error.ts';
import { unknownMembers } from '../unknown-members.ts';
import { dataFolderText } from '../../shared/text/shell.ts';

/** Without `verified` an identity counts as not verified. Unknown members stay. */
const storedRecord = z.looseObject({
  identityKey,
  verified: z.boolean().default(false),
  since: timestamp.default(0),
});
const records = z.record(z.string(), storedRecord);

/** The device identities that one account on one server has seen and verified (F8), in one file. */
export class IdentitiesFile implements IdentityStore {
  #records: Map<string, z.infer<typeof storedRecord>>;

  /** @throws ProfileError when the file is damaged: an empty store would trust every identity on first use again */
  constructor(private readonly kept: StoredText) {
    const text = kept.read();
    try {
      this.#records = new Map(text === undefined ? [] : Object.entries(records.parse(JSON.parse(text))));
    } catch {
      throw new ProfileError(dataFolderText.identitiesDamaged(kept.file));
    }
  }

  get(username: string): IdentityRecord | undefined {
    const stored = this.#records.get(username);
    if (stored === undefined) return undefined;
    const { identityKey: key, verified, since } = stored;
    return { identityKey: key, verified, since };
  }

  /** Adds what another store of this account knows (B8); an identity that is verified there stays verified. */
  join(other: IdentitiesFile): void {
    const joined = new Map([...other.#records, ...this.#records]);
    for (const [username, record] of this.#records) {
      const { identityKey: key, verified = false } = other.#records.get(username) ?? {};
      if (key === record.identityKey && verified) joined.set(username, { ...record, verified });
    }
    this.kept.write(`${JSON.stringify(Object.fromEntries(joined), undefined, 2)}\n`);
    this.#records = joined;
  }

  put(username: string, record: IdentityRecord): void {
    const unknown = unknownMembers(storedRecord, this.#records.get(username) ?? {});
    const changed = new Map(this.#records).set(username, { ...unknown, ...record });
    this.kept.write(`${JSON.stringify(Object.fromEntries(changed), undefined, 2)}\n`);
    this.#records = changed;
  }
}
