import { z } from 'zod';
import { COMMANDS, type CommandName } from './contract.ts';
import { failure } from './failure.ts';
import { conversationId, serverFacts } from './view-state.ts';

/** From light to dark, as Unicode orders them. */
export const SKIN_TONES = ['light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const;
export type SkinTone = (typeof SKIN_TONES)[number];

/** Preferences of the app; the host stores them. */
export const preferences = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  textSize: z.enum(['small', 'normal', 'large', 'largest']),
  notifications: z.boolean(),
  /** End of "do not disturb", milliseconds since 1970 UTC; absent: notifications are allowed. */
  quietUntil: z.number().optional(),
  /** Chosen duration; `evening`: eight hours. */
  quietFor: z.enum(['hour', 'evening']).optional(),
  /** Whether the details panel of a user is open, if the window is wide enough. */
  detailsOpen: z.boolean(),
  /** The desktop app starts, hidden, when the user signs in to the computer. */
  startAtLogin: z.boolean().optional(),
  /** The skin tone of emoji that have several; absent: the yellow one. */
  skinTone: z.enum(SKIN_TONES).optional(),
});
export type Preferences = z.infer<typeof preferences>;

export const DEFAULT_PREFERENCES: Preferences = {
  theme: 'system',
  textSize: 'normal',
  notifications: true,
  detailsOpen: true,
};

/** Address of the server. The default is a server on this computer. */
export const serverChoice = z.object({
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535),
  /** Without TLS; the shell allows that for loopback addresses only. */
  plaintext: z.boolean().optional(),
});
export type ServerChoice = z.infer<typeof serverChoice>;
export const DEFAULT_SERVER: ServerChoice = { host: '127.0.0.1', port: 12_000 };

/** An account that has signed in on this computer. */
export const rememberedAccount = z.object({ server: serverChoice, username: z.string() });
export type RememberedAccount = z.infer<typeof rememberedAccount>;

const { registration } = serverFacts.shape.policy.shape;
/** Policy of a server on new accounts: anyone, users with an invitation, none. */
export type Registration = z.infer<typeof registration>;

/** Certificate of a server, read before the client sends any data (G1). */
export const serverProbe = z.object({
  /**
   * `new`: no certificate of the server is pinned; `changed`: it is not the pinned one; `unreadable`: the stored pin is
   * damaged.
   */
  trust: z.enum(['plaintext', 'new', 'known', 'changed', 'unreadable']),
  /** SHA-256 of the certificate, colon hex; absent without TLS. */
  fingerprint: z.string().optional(),
  /** Fingerprint of the pinned certificate, if that is another. */
  expected: z.string().optional(),
  /** Policy on new accounts, as a known server greets with it; absent if it is not known. */
  registration: registration.optional(),
});
export type ServerProbe = z.infer<typeof serverProbe>;

/**
 * Protection of sign-in tokens and history on this computer (G1, G8). `system`: the system's secret store. `none`: file
 * permissions only. `passphrase`: an unlocked vault. `locked`: a locked vault; no other data is available until it is
 * unlocked.
 */
export const protection = z.enum(['system', 'none', 'passphrase', 'locked']);
export type Protection = z.infer<typeof protection>;

/** Progress of encrypting or decrypting all stored data; other commands are refused meanwhile. */
export const protecting = z.object({
  kind: z.enum(['encrypting', 'decrypting']),
  /** Finished part, 0 to 1. */
  part: z.number().min(0).max(1),
});
export type Protecting = z.infer<typeof protecting>;

const passphrase = z.string().min(1).max(1_024);

/** State of the shell around the user interface. */
export const hostState = z.object({
  /** `desktop`: the shell opens links and shows notifications; `browser`: the page does that itself. */
  kind: z.enum(['desktop', 'browser']),
  version: z.string(),
  /** Server of the client; absent before the user has chosen one (G1). */
  server: serverChoice.optional(),
  /** Most recently used first. */
  accounts: z.array(rememberedAccount).optional(),
  /** Fingerprint of the device identity: SHA-256 of the public key (SPKI DER), colon hex. */
  identity: z.string().optional(),
  /** Why the last account could not be opened. */
  problem: failure.optional(),
  lock: protection,
  protecting: protecting.optional(),
  /** Accounts that stayed unencrypted at the last change or entry of the passphrase, because another program uses them. */
  unencrypted: z.array(rememberedAccount).optional(),
  /** The data folder; set while it is locked, for a user who has lost the passphrase. */
  dataFolder: z.string().optional(),
  preferences,
  /** Drafts by conversation. */
  drafts: z.record(z.string(), z.string()),
  /** The disk fails: the drafts are in the memory of the host only. */
  draftsUnsaved: z.literal(true).optional(),
  /** Private drafts by conversation, in the memory of the host only (F7). */
  privateDrafts: z.record(z.string(), z.string()).optional(),
});
export type HostState = z.infer<typeof hostState>;

const done = z.object({});
/** Accounts that stay unencrypted until the next unlock; absent if there are none. */
const unencrypted = hostState.pick({ unencrypted: true });

/** A button of a notification and its command, which also runs while the window is closed. */
export const notificationAction = z.strictObject({
  label: z.string().min(1).max(64),
  command: z.enum(Object.keys(COMMANDS) as [CommandName, ...CommandName[]]),
  params: z.unknown(),
});
export type NotificationAction = z.infer<typeof notificationAction>;

/** Longest draft in UTF-16 code units; in any encoding it fits into a frame. */
export const DRAFT_CHARACTERS = 262_144;

/** Every command of a user interface to the shell: name → parameters and result. */
export const HOST_COMMANDS = {
  /** Replaces the client by one for this server. `host.replaced` follows; the view has to be read again. */
  'host.chooseServer': { params: serverChoice, result: done },
  /** Reads the certificate of a server without sending any data. Does not trust it. */
  'host.probeServer': { params: serverChoice, result: serverProbe },
  /** Trusts the certificate with exactly this fingerprint, which the last probe has reported. */
  'host.trustServer': { params: serverChoice.extend({ fingerprint: z.string().max(95) }), result: done },
  /**
   * Takes another address of the open account's server, and connects there (B8). `host.replaced` follows. Fails with
   * `another-server` if the server at this address does not prove the same certificate.
   */
  'host.moveServer': { params: serverChoice, result: done },
  /** Switches to a remembered account. `host.replaced` follows. */
  'host.chooseAccount': { params: rememberedAccount, result: done },
  /** Removes an account from the list; its history stays on this computer. */
  'host.forgetAccount': { params: rememberedAccount, result: done },
  /**
   * Unlocks the vault and opens the last account. `host.replaced` follows. Fails with `wrong-passphrase`; one attempt at a
   * time.
   */
  'host.unlock': { params: z.object({ passphrase }), result: unencrypted },
  /**
   * Sets or changes the passphrase; only if the system has no secret store. It cannot be recovered. If there was none, the
   * client is replaced: `host.locking` and `host.replaced` follow.
   * @param current the current passphrase, if there is one
   */
  'host.setPassphrase': { params: z.object({ passphrase, current: passphrase.optional() }), result: unencrypted },
  /**
   * Removes the passphrase: stored data is unencrypted, or protected by the system's secret store. `host.locking` and
   * `host.replaced` follow.
   */
  'host.removePassphrase': { params: z.object({ current: passphrase }), result: done },
  /**
   * Locks the vault and ends the client without signing out; `host.locking` comes before, `host.replaced` after. Fails with
   * `invalid-command` without a passphrase.
   */
  'host.lock': { params: done, result: done },
  /** A window's answer to `host.locking`: the host has all its drafts. */
  'host.handedOver': { params: z.strictObject({}), result: done },
  'host.writePreferences': { params: preferences, result: done },
  /** @param text empty: deletes the draft. @param isPrivate never written to disk (F7) */
  'host.writeDraft': {
    params: z.object({
      conversation: conversationId,
      text: z.string().max(DRAFT_CHARACTERS),
      isPrivate: z.literal(true).optional(),
    }),
    result: done,
  },
  /** Opens a link outside the app, after the user has seen its address. Only http, https and mailto. */
  'host.openLink': { params: z.object({ url: z.string().max(8_192) }), result: done },
  /** Shows a native notification: of a request if it has actions, else of a message. It replaces the last one of its kind. */
  'host.notify': {
    params: z.object({
      conversation: conversationId,
      title: z.string(),
      body: z.string(),
      /** Shown if the system supports buttons; a click on the notification itself always opens the conversation. */
      actions: z.array(notificationAction).max(2).optional(),
    }),
    result: done,
  },
  /** Quits the desktop app, also while it is locked. Fails with `invalid-command` in a browser. */
  'host.quit': { params: z.strictObject({}), result: done },
  /** Unread messages, for badge and tray. `privateCount`: the private ones among them, which the view does not count. */
  'host.setUnread': {
    params: z.object({ count: z.int().nonnegative(), privateCount: z.int().nonnegative().optional() }),
    result: done,
  },
} as const satisfies Record<string, { params: z.ZodType; result: z.ZodType }>;

export type HostCommandName = keyof typeof HOST_COMMANDS;
export type HostCommandParams<K extends HostCommandName> = z.infer<(typeof HOST_COMMANDS)[K]['params']>;
export type HostCommandResult<K extends HostCommandName> = z.infer<(typeof HOST_COMMANDS)[K]['result']>;

/** Every event of the shell. */
export const hostEvent = z.discriminatedUnion('name', [
  /** The client was replaced: read host state and view again. */
  z.object({ name: z.literal('host.replaced') }),
  /** The window has to send its drafts to the host now. */
  z.object({ name: z.literal('host.locking') }),
  z.object({ name: z.literal('host.protecting'), protecting }),
  /** The disk fails to store drafts, or stores them again. */
  z.object({ name: z.literal('host.draftsUnsaved'), unsaved: z.boolean() }),
  /** Another user interface, the tray or another process has changed the preferences. */
  z.object({ name: z.literal('host.preferencesChanged'), preferences }),
  /** A draft has changed, perhaps in another window. */
  z.object({
    name: z.literal('host.draftChanged'),
    conversation: conversationId,
    text: z.string(),
    isPrivate: z.literal(true).optional(),
  }),
  /** A notification or the tray was clicked. */
  z.object({ name: z.literal('host.conversationChosen'), conversation: conversationId }),
]);
export type HostEvent = z.infer<typeof hostEvent>;
