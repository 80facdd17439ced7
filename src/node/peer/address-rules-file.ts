import type { AddressRules } from '../../core/ports.ts';
import { type AddressRule, addressRule } from '../../shared/client-api/private-view.ts';
import type { KeptText } from '../kept-text.ts';
import { ProfileError } from '../profile-error.ts';

/** Who may learn this computer's addresses, in a file. */
export class AddressRulesFile implements AddressRules {
  constructor(private readonly kept: KeptText) {}

  /** @throws ProfileError when the file is damaged: guessing could tell an address to somebody who must not have it */
  read(): AddressRule {
    const text = this.kept.read();
    try {
      return text === undefined ? { reveal: true, people: {} } : addressRule.parse(JSON.parse(text));
    } catch {
      throw new ProfileError(
        `The file that says who may learn your address is damaged: ${this.kept.file}. Delete it and choose again with "reveal".`,
      );
    }
  }

  write(rule: AddressRule): void {
    this.kept.write(`${JSON.stringify(rule, undefined, 2)}\n`);
  }
}
