import { z } from 'zod';
import { COMMANDS, type CommandName } from './contract.ts';
import { conversationId } from './view-state.ts';

/** From light to dark, as Unicode orders them. */
export const SKIN_TONES = ['light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const;
export type SkinTone = (typeof SKIN_TONES)[number];

/** How the app looks and when it may disturb; kept by the host, so that it survives a restart. */
export const preferences = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  textSize: z.enum(['small', 'normal', 'large', 'largest']),
  notifications: z.boolean(),
  /** Do not disturb until then, milliseconds since 1970 UTC; absent: disturb. */
  quietUntil: z.number().optional(),
  /** What was asked for then; `evening`: eight hours. */
  quietFor: z.enum(['hour', 'evening']).optional(),
  /** The panel with a person's details, where the window is wide enough. */
  detailsOpen: z.boolean(),
  /** The desktop app starts, hidden, when the person signs in to the computer. */
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

/** Where the server is. The default is the one on this machine. */
export const serverChoice = z.object({
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535),
  /** Without TLS; the shell refuses it for anything but loopback. */
  plaintext: z.boolean().optional(),
});
export type ServerChoice = z.infer<typeof serverChoice>;
export const DEFAULT_SERVER: ServerChoice = { host: '127.0.0.1', port: 12_000 };

/** An account that was signed in from here before. */
export const rememberedAccount = z.object({ server: serverChoice, username: z.string() });
export type RememberedAccount = z.infer<typeof rememberedAccount>;

/** A server as it shows itself before anything is said to it (G1). */
export const serverLook = z.object({
  /**
   * `new`: no certificate of it is known yet; `changed`: another than the known one; `unreadable`: what is remembered of the
   * known one is damaged.
   */
  trust: z.enum(['plaintext', 'new', 'known', 'changed', 'unreadable']),
  /** SHA-256 of the certificate that it shows, colon hex; absent without TLS. */
  fingerprint: z.string().optional(),
  /** That of the known certificate, where it is another. */
  expected: z.string().optional(),
});
export type ServerLook = z.infer<typeof serverLook>;

/**
 * What protects the sign-in tokens and the history on this computer (G1, G8). `system`: its secret store. `none`: only
 * that others may not read the files. `passphrase`: a vault that is open; `locked`: one that is not, and nothing else
 * is to be had before it is.
 */
export const protection = z.enum(['system', 'none', 'passphrase', 'locked']);
export type Protection = z.infer<typeof protection>;

/** Everything that is kept here is being encrypted, or made readable again; nothing else can be done meanwhile. */
export const protecting = z.object({
  kind: z.enum(['sealing', 'releasing']),
  /** How much is done, 0 to 1. */
  part: z.number().min(0).max(1),
});
export type Protecting = z.infer<typeof protecting>;

const passphrase = z.string().min(1).max(1_024);

/** What the shell around the user interface is, and what it keeps for it. */
export const hostState = z.object({
  /** `desktop`: the shell opens links and raises notifications; `browser`: the page does so itself. */
  kind: z.enum(['desktop', 'browser']),
  version: z.string(),
  /** The server that the client belongs to; absent until one was chosen (G1). */
  server: serverChoice.optional(),
  /** The most recently used first. */
  accounts: z.array(rememberedAccount).optional(),
  /** Fingerprint of this device's own identity: SHA-256 of its public key (SPKI DER), colon hex. */
  identity: z.string().optional(),
  /** Why the account of last time could not be opened, for people. */
  problem: z.string().optional(),
  lock: protection,
  protecting: protecting.optional(),
  /** Accounts that were not sealed when the passphrase was set or given last, because another program has them open. */
  unsealed: z.array(rememberedAccount).optional(),
  /** The folder with all of it; told while it is locked, for who has lost the passphrase. */
  dataFolder: z.string().optional(),
  preferences,
  /** Unfinished texts by conversation. */
  drafts: z.record(z.string(), z.string()),
  /** The disk has not taken them for a while: they are in the memory of the host only. */
  draftsUnsaved: z.literal(true).optional(),
  /** Unfinished private texts by conversation, from the memory of the host (F7). */
  privateDrafts: z.record(z.string(), z.string()).optional(),
});
export type HostState = z.infer<typeof hostState>;

const done = z.object({});
/** Names the accounts that stay readable until the next unlocking; absent where there is none. */
const unsealed = hostState.pick({ unsealed: true });

/** A button of a notification: what the client then does, also while the window is closed. */
export const notificationAction = z.strictObject({
  label: z.string().min(1).max(64),
  command: z.enum(Object.keys(COMMANDS) as [CommandName, ...CommandName[]]),
  params: z.unknown(),
});
export type NotificationAction = z.infer<typeof notificationAction>;

/** The longest unfinished text that is kept, in UTF-16 code units: however it is encoded, it fits into a frame. */
export const DRAFT_CHARACTERS = 262_144;

/** What a user interface may ask of the shell: name → what belongs to it, and what comes of it. */
export const HOST_COMMANDS = {
  /** Makes the client anew for this server. `host.replaced` follows; the view has to be read again. */
  'host.chooseServer': { params: serverChoice, result: done },
  /** Dials the server to see its certificate, and says nothing to it. Trusts nobody. */
  'host.lookAtServer': { params: serverChoice, result: serverLook },
  /** Trusts the certificate with exactly this fingerprint, as the last look has shown it. */
  'host.trustServer': { params: serverChoice.extend({ fingerprint: z.string().max(95) }), result: done },
  /** Goes on with an account that is remembered. `host.replaced` follows. */
  'host.chooseAccount': { params: rememberedAccount, result: done },
  /** Takes an account off the list; its history stays on this computer. */
  'host.forgetAccount': { params: rememberedAccount, result: done },
  /**
   * Opens what is locked, and the account of last time. `host.replaced` follows. Refused with `wrong-passphrase`; one
   * attempt at a time.
   */
  'host.unlock': { params: z.object({ passphrase }), result: unsealed },
  /**
   * Locks what is kept here with a passphrase, or changes that; only where the system keeps no secrets. It cannot be
   * found out again. Where there was none before, the client is made anew: `host.locking` and `host.replaced` follow.
   * @param current the passphrase so far, where there is one
   */
  'host.setPassphrase': { params: z.object({ passphrase, current: passphrase.optional() }), result: unsealed },
  /**
   * Makes what is kept here readable again, or leaves it to the system's secret store. `host.locking` and `host.replaced`
   * follow.
   */
  'host.removePassphrase': { params: z.object({ current: passphrase }), result: done },
  /**
   * Forgets the key and ends the client without signing out; `host.locking` comes before, `host.replaced` after. Refused with
   * `invalid-command` where there is no passphrase.
   */
  'host.lock': { params: done, result: done },
  /** A window's answer to `host.locking`: all that was typed in it is with the host. */
  'host.handedOver': { params: z.strictObject({}), result: done },
  'host.writePreferences': { params: preferences, result: done },
  /** @param text empty: the draft is gone. @param aside it is private, and never goes to the disk (F7) */
  'host.writeDraft': {
    params: z.object({
      conversation: conversationId,
      text: z.string().max(DRAFT_CHARACTERS),
      isPrivate: z.literal(true).optional(),
    }),
    result: done,
  },
  /** Opens a link outside; the person has seen where it leads. Only http, https and mailto. */
  'host.openLink': { params: z.object({ url: z.string().max(8_192) }), result: done },
  /** A native notification: of a request where it has buttons, else of a message. Another such of the same conversation replaces it. */
  'host.notify': {
    params: z.object({
      conversation: conversationId,
      title: z.string(),
      body: z.string(),
      /** Where the system shows buttons; a click on the notification itself opens the conversation everywhere. */
      actions: z.array(notificationAction).max(2).optional(),
    }),
    result: done,
  },
  /** Ends the app on the desktop; also while it is locked. Refused with `invalid-command` in a browser, where its terminal ends it. */
  'host.quit': { params: z.strictObject({}), result: done },
  /** Messages not yet read, for badge and tray. `aside`: how many of them were said aside, which no view counts. */
  'host.setUnread': {
    params: z.object({ count: z.int().nonnegative(), privateCount: z.int().nonnegative().optional() }),
    result: done,
  },
} as const satisfies Record<string, { params: z.ZodType; result: z.ZodType }>;

export type HostCommandName = keyof typeof HOST_COMMANDS;
export type HostCommandParams<K extends HostCommandName> = z.infer<(typeof HOST_COMMANDS)[K]['params']>;
export type HostCommandResult<K extends HostCommandName> = z.infer<(typeof HOST_COMMANDS)[K]['result']>;

/** What the shell tells a user interface unasked. */
export const hostEvent = z.discriminatedUnion('name', [
  /** There is another client now: read host and view again. */
  z.object({ name: z.literal('host.replaced') }),
  /** What was typed and is not with the host yet has to go there now. */
  z.object({ name: z.literal('host.locking') }),
  z.object({ name: z.literal('host.protecting'), protecting }),
  /** Unfinished texts are not taken by the disk any more, or are again; nobody has to do anything for it. */
  z.object({ name: z.literal('host.draftsUnsaved'), unsaved: z.boolean() }),
  /** Another user interface, the tray or another process has changed them. */
  z.object({ name: z.literal('host.preferencesChanged'), preferences }),
  /** An unfinished text as it is now, written in another window perhaps. */
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
