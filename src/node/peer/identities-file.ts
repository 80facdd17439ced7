import { z } from 'zod';
import type { IdentityRecord, IdentityStore, KnownIdentity } from '../../core/private/private-ports.ts';
import { identityKey, timestamp } from '../../shared/protocol/ids.ts';
import type { StoredText } from '../encrypted-file.ts';
import { ProfileError } from '../profile-error.ts';
import { unknownMembers } from '../unknown-members.ts';
import { dataFolderText } from '../../shared/text/shell.ts';

/** Without `verified` an identity counts as not verified. Unknown members stay. */
const storedIdentity = z.looseObject({
  identityKey,
  verified: z.boolean().default(false),
  since: timestamp.default(0),
});
/** A file of an older version has no `others`: it knows one identity of each user. */
const storedRecord = storedIdentity.extend({ others: z.array(storedIdentity).optional() });
const records = z.record(z.string(), storedRecord);
type StoredRecord = z.infer<typeof storedRecord>;

/** The device identities that one account on one server has seen and verified (F8), in one file. */
export class IdentitiesFile implements IdentityStore {
  #records: Map<string, StoredRecord>;

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
    const { others } = stored;
    return { ...knownOf(stored), ...(others === undefined ? {} : { others: others.map(knownOf) }) };
  }

  /** Adds what another store of this account knows (B8); an identity that is verified in either is verified. */
  join(other: IdentitiesFile): void {
    const joined = new Map([...other.#records, ...this.#records]);
    for (const [username, record] of this.#records) {
      const more = other.#records.get(username);
      if (more !== undefined) joined.set(username, joinedRecord(record, more));
    }
    this.#write(joined);
  }

  put(username: string, record: IdentityRecord): void {
    const stored = this.#records.get(username);
    const known = stored === undefined ? [] : [stored, ...(stored.others ?? [])];
    const withUnknown = (one: KnownIdentity) => {
      const same = known.find((before) => before.identityKey === one.identityKey);
      return { ...(same === undefined ? {} : unknownMembers(storedRecord, same)), ...one };
    };
    const { others: further, ...last } = record;
    const written = { ...withUnknown(last), ...(further === undefined ? {} : { others: further.map(withUnknown) }) };
    this.#write(new Map(this.#records).set(username, written));
  }

  #write(changed: Map<string, StoredRecord>): void {
    this.kept.write(`${JSON.stringify(Object.fromEntries(changed), undefined, 2)}\n`);
    this.#records = changed;
  }
}

function knownOf({ identityKey: key, verified, since }: z.infer<typeof storedIdentity>): KnownIdentity {
  return { identityKey: key, verified, since };
}

/** All identities of both records, each once; the one used last is that of `one`. */
function joinedRecord(
  { others: ours = [], ...one }: StoredRecord,
  { others: theirs = [], ...other }: StoredRecord,
): StoredRecord {
  const known = new Map<string, z.infer<typeof storedIdentity>>();
  for (const identity of [one, ...ours, other, ...theirs]) {
    const before = known.get(identity.identityKey);
    known.set(identity.identityKey, {
      ...identity,
      ...before,
      verified: identity.verified || before?.verified === true,
    });
  }
  const [last = one, ...others] = known.values();
  return { ...last, ...(others.length === 0 ? {} : { others }) };
}
