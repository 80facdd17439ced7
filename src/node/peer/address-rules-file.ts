import type { AddressRules } from '../../core/ports.ts';
import { type AddressRule, addressRule } from '../../shared/client-api/private-view.ts';
import { readPrivateFile, writePrivateFile } from '../private-files.ts';
import { ProfileError } from '../profile-error.ts';

/** Who may learn this computer's addresses, in a file. */
export class AddressRulesFile implements AddressRules {
  constructor(private readonly file: string) {}

  /** @throws ProfileError when the file is damaged: guessing could tell an address to somebody who must not have it */
  read(): AddressRule {
    const text = readPrivateFile(this.file);
    try {
      return text === undefined ? { reveal: true, people: {} } : addressRule.parse(JSON.parse(text));
    } catch {
      throw new ProfileError(
        `The file that says who may learn your address is damaged: ${this.file}. Delete it and choose again with "reveal".`,
      );
    }
  }

  write(rule: AddressRule): void {
    writePrivateFile(this.file, `${JSON.stringify(rule, undefined, 2)}\n`);
  }
}
