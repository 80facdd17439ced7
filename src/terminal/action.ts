/** What a line asks for about talking aside. */
export type PrivateAction =
  | { readonly command: 'startprivate'; readonly user: string; readonly note?: string | undefined }
  /** `user`: a name or the beginning of one; without it whoever is asking. */
  | { readonly command: 'yes' | 'no'; readonly user?: string | undefined }
  | { readonly command: 'private'; readonly user: string; readonly text: string }
  | { readonly command: 'stopprivate' | 'safety' | 'accept'; readonly user: string }
  | { readonly command: 'verify'; readonly user: string; readonly verified?: boolean | undefined }
  | { readonly command: 'keep'; readonly user: string; readonly keep: boolean }
  | { readonly command: 'reveal'; readonly reveal?: boolean | undefined; readonly user?: string | undefined }
  | { readonly command: 'aside' };

/** What a line asks for, from a person or a program. `tag` comes back in the answer to a program. */
export type Action = (
  | { readonly command: 'message'; readonly to: string; readonly text: string }
  | { readonly command: 'broadcast'; readonly text: string }
  | { readonly command: 'whoelse' }
  | { readonly command: 'whoelsesince'; readonly seconds: number }
  | { readonly command: 'block' | 'unblock'; readonly user: string }
  | { readonly command: 'blacklist' }
  | { readonly command: 'search'; readonly prefix: string }
  /** Messages of the history on this computer. */
  | { readonly command: 'find'; readonly text: string }
  | { readonly command: 'outbox' }
  /** `id` of the message, or its number in the list that `outbox` showed last. */
  | { readonly command: 'cancel'; readonly id?: string | undefined; readonly number?: number | undefined }
  | { readonly command: 'password'; readonly password?: string | undefined; readonly newPassword?: string | undefined }
  | { readonly command: 'delete-account'; readonly user?: string | undefined; readonly password?: string | undefined }
  | PrivateAction
  | { readonly command: 'help' }
  | { readonly command: 'logout' }
) & { readonly tag?: string | number | undefined };

export type CommandName = Action['command'];

/** A line as it was understood. */
export type ParsedLine =
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'mistake'; readonly text: string; readonly command?: string; readonly tag?: string | number };
