import type { IdentityTrust, PrivatePath } from '../shared/client-api/private-view.ts';

interface OfSession {
  readonly event: 'private';
  readonly username: string;
  readonly sid: string;
  /** Whether this client sent the request. */
  readonly initiator: boolean;
}

/** Output events of private sessions. docs/terminal.md describes them. */
export type PrivateOutputEvent =
  | (OfSession & { readonly state: 'asking'; readonly expiresAt: number })
  | (OfSession & {
      readonly state: 'asked';
      readonly expiresAt: number;
      readonly note?: string;
      readonly identity: IdentityTrust;
    })
  | (OfSession & { readonly state: 'connecting'; readonly because: 'accepted' | 'path-lost' })
  | (OfSession & {
      readonly state: 'open';
      readonly path: PrivatePath;
      readonly identity: IdentityTrust;
      /** After a lost path. */
      readonly again: boolean;
    })
  | (OfSession & {
      readonly state: 'ended';
      readonly reason: string;
      readonly by: 'you' | 'peer' | 'server';
      readonly loud: boolean;
      readonly text: string;
    })
  | {
      readonly event: 'private-message';
      readonly id: string;
      readonly sid: string;
      readonly from: string;
      readonly text: string;
      readonly at: number;
      readonly kept: boolean;
    }
  | {
      readonly event: 'private-sent';
      readonly id: string;
      readonly sid: string;
      readonly to: string;
      readonly status: 'sent' | 'delivered' | 'undelivered';
      readonly tag?: string | number;
    }
  | { readonly event: 'private-typing'; readonly username: string; readonly typing: boolean }
  | {
      readonly event: 'private-keep';
      readonly username: string;
      readonly sid: string;
      readonly own: boolean;
      readonly peer: boolean;
      readonly by: 'you' | 'peer';
    }
  | {
      readonly event: 'private-identity';
      readonly username: string;
      readonly sid: string;
      readonly identity: IdentityTrust;
    }
  | { readonly event: 'identity-changed'; readonly username: string }
  | { readonly event: 'private-warning'; readonly username: string; readonly fault: string; readonly text: string };
