import type { Message } from '../../shared/client-api/view-state.ts';
import type { DialTarget } from '../ports.ts';
import type { TrustPolicy } from '../connection/dial-trusted.ts';
import type { Core } from '../state/core.ts';
import { mayReveal } from './identity/address-rule.ts';
import { parseAddress } from './signaling/addresses.ts';
import { Identities } from './identity/trust-store.ts';
import { KeptMessages } from './session/saved-messages.ts';
import type { PrivateContext } from './session/session-context.ts';
import type { PrivateEvent } from './session/session-events.ts';
import { PrivateManager } from './session/session-manager.ts';

/** Talking aside, as part of the client: the private sessions tied to its connection, its view and its history. */
export class Aside {
  readonly sessions: PrivateManager;
  readonly #kept: KeptMessages;

  constructor(
    private readonly core: Core,
    private readonly policy: TrustPolicy,
  ) {
    this.#kept = new KeptMessages(core.ports.history, () => core.view().username ?? '');
    this.sessions = new PrivateManager(this.#context(), (event) => this.#happened(event));
  }

  /** The program stops without signing out: peers are told, and so is the server, which would wait for a return. */
  stop(): void {
    const { sessions, core } = this;
    const living = sessions.sessions();
    sessions.endAll('left');
    for (const { sid, state } of living) {
      // None of them waits for an answer, which would come too late.
      if (state.state === 'asked') void core.request('private.answer', { sid, accept: false });
      else if (state.state !== 'asking') void core.request('private.end', { sid });
    }
  }

  #context(): PrivateContext {
    const { core } = this;
    const { clock, random, peers } = core.ports;
    return {
      clock,
      random,
      crypto: peers.crypto,
      identity: peers.identity,
      certificates: peers.certificates,
      transport: peers.transport(() => this.#relay()),
      identities: new Identities(peers.identities),
      request: (method, params) => core.request(method, params),
      situation: () => {
        const ends = core.connector.onlineWire?.ends;
        const { username = '', server } = core.view();
        return {
          username,
          onLoopback: ends !== undefined && parseAddress(ends.remoteAddress)?.kind === 'loopback',
          localPort: ends?.localPort,
          timeoutSeconds: server?.policy.timeoutSeconds ?? 0,
        };
      },
      neverRevealAddress: (username) => !mayReveal(core.view().addressRule, username),
      publicAddress: () => peers.publicAddress,
      activity: () => core.notify('session.activity', {}),
    };
  }

  /** Only a server with TLS carries tunnels [ASIDE-12.1-2]. */
  #relay(): DialTarget | undefined {
    const { server, plaintext } = this.policy;
    const pin = this.core.ports.pins.read(server);
    return plaintext || pin === undefined ? undefined : { ...server, security: { kind: 'tls', pin } };
  }

  #happened(event: PrivateEvent): void {
    const { core } = this;
    switch (event.name) {
      case 'private.changed':
        core.emit('private.changed', { session: event.session });
        return;
      case 'private.message': {
        const { message, keep } = event;
        core.emit('private.message', { message, keep });
        if (keep) this.#keep(message.username, () => this.#kept.said(message));
        return;
      }
      case 'private.delivered': {
        const { name, ...params } = event;
        core.emit(name, params);
        this.#keep(event.username, () => this.#kept.delivered(event.ids));
        return;
      }
      case 'private.undelivered': {
        const { name, ...params } = event;
        this.#kept.forget(event.ids);
        core.emit(name, params);
        return;
      }
      case 'private.typing': {
        const { sid, username, typing } = event;
        core.emit('private.typing', { sid, username, typing });
        return;
      }
      case 'private.identityChanged': {
        const { username, identityKey } = event;
        core.emit('private.identityChanged', { username, identityKey });
        return;
      }
      case 'private.identitySettled':
        core.emit('private.identitySettled', { username: event.username });
        return;
      case 'private.warning': {
        const { username, fault, text } = event;
        core.emit('private.warning', { username, fault, text });
      }
    }
  }

  /** Writes to the history. Where that fails, keeping ends, and both are told: nobody believes that it is kept. */
  #keep(username: string, write: () => Message[]): void {
    let added: Message[];
    try {
      added = write();
    } catch {
      this.sessions.setKeep(username, false);
      const text = 'What is said aside could not be saved on this computer, so it is not kept any more.';
      this.core.emit('private.warning', { username, fault: 'storage', text });
      return;
    }
    for (const message of added) this.core.emit('message.added', { message });
  }
}
