import { z } from 'zod';
import type { AddressRules } from '../../core/ports.ts';
import { type AddressRule, addressRule } from '../../shared/client-api/private-view.ts';
import type { StoredText } from '../encrypted-file.ts';
import { ProfileError } from '../profile-error.ts';
import { unknownMembers } from '../unknown-members.ts';
import { dataFolderText } from '../../shared/text/shell.ts';

/** Without `reveal` the address is hidden: a default may not reveal more than the user chose. Unknown members stay. */
const storedRule = z.looseObject({ ...addressRule.shape, reveal: addressRule.shape.reveal.default(false) });

/** The users that may learn this computer's addresses, in a file. */
export class AddressRulesFile implements AddressRules {
  constructor(private readonly kept: StoredText) {}

  /** @throws ProfileError when the file is damaged: a default could reveal an address to an excluded user */
  read(): AddressRule {
    const { reveal, people } = this.#load() ?? { reveal: true, people: {} };
    return { reveal, people };
  }

  write(rule: AddressRule): void {
    this.kept.write(`${JSON.stringify({ ...this.#unknown(), ...rule }, undefined, 2)}\n`);
  }

  #unknown(): Record<string, unknown> {
    try {
      return unknownMembers(storedRule, this.#load() ?? {});
    } catch {
      // A new choice replaces a damaged file.
      return {};
    }
  }

  #load(): z.infer<typeof storedRule> | undefined {
    const text = this.kept.read();
    try {
      return text === undefined ? undefined : storedRule.parse(JSON.parse(text));
    } catch {
      throw new ProfileError(dataFolderText.addressRulesDamaged(this.kept.file));
    }
  }
}
