import { CLIENT_LIMITS, LIMITS } from '../../shared/limits.ts';
import { clientFailure, type Failure, type Outcome } from '../../shared/client-api/failure.ts';
import type { Problem } from '../../shared/client-api/connection-state.ts';
import { decodeServerLine, encodeNotification, encodeRequest } from '../../shared/protocol/codec.ts';
import { Framer } from '../../shared/protocol/framer.ts';
import {
  type ClientNotification,
  type ClientParams,
  type RequestMethod,
  type Result,
  SERVER_PARAMS,
  type ServerMethod,
  type ServerNotification,
} from '../../shared/protocol/messages.ts';
import type { Clock, Link, LinkEnd, LinkEnds, LinkHandler, Timer } from '../ports.ts';
import { Heartbeat } from './heartbeat.ts';
import { PendingRequests, readFailure } from './pending-requests.ts';

/** Why a connection ended: as the link did, or with the refusal that the server sent before it closed the link. */
export type RpcConnectionEnd = LinkEnd | { readonly kind: 'rejected'; readonly failure: Failure };

/** Receives the messages of a connection; all have passed their schema. */
export interface RpcConnectionHandler {
  notification(notification: ServerNotification): void;
  /** All lines of one chunk are handled; their messages can be written to disk together. */
  chunkEnd(): void;
  /** The last call; every pending request has failed before it. */
  closed(end: RpcConnectionEnd): void;
}

/** One JSON-RPC connection to the server. */
export class RpcConnection {
  readonly #link: Link;
  readonly #framer: Framer;
  readonly #pending: PendingRequests;
  #heartbeat: Heartbeat | undefined;
  #greeting: Timer | undefined;
  #greeted = false;
  #opened = false;
  #closing = false;
  #refusal: Failure | undefined;
  #ownProblem: Problem | undefined;

  /** @param dial opens the link with the given handler */
  constructor(
    dial: (handler: LinkHandler) => Link,
    private readonly clock: Clock,
    private readonly handler: RpcConnectionHandler,
  ) {
    this.#framer = new Framer(LIMITS.lineBytes, {
      line: (line) => this.#line(line),
      overflow: () => this.drop({ kind: 'protocol-error', detail: 'a line that is too long' }),
    });
    this.#pending = new PendingRequests(clock);
    this.#greeting = clock.after(CLIENT_LIMITS.greetingMs, () => this.drop({ kind: 'not-answering' }));
    this.#link = dial({
      opened: () => this.#openedNow(),
      bytes: (chunk) => this.#bytes(chunk),
      closed: (end) => this.#closed(end),
    });
  }

  /** Addresses of both ends of an open connection, if the link knows them. */
  get ends(): LinkEnds | undefined {
    return this.#link.ends;
  }

  /** @param done called exactly once, while the answer is read */
  request<M extends RequestMethod>(
    method: M,
    params: ClientParams<M>,
    done: (outcome: Outcome<Result<M>>) => void,
  ): void {
    if (this.#closing) {
      done({ ok: false, failure: clientFailure('connection-lost') });
      return;
    }
    this.#pending.add(method, (id) => this.#send(encodeRequest(id, method, params)), done);
  }

  notify<M extends ClientNotification>(method: M, params: ClientParams<M>): void {
    this.#send(encodeNotification(method, params));
  }

  /** Tests whether the server is still there, for instance after the computer slept; drops a dead connection. */
  check(): void {
    this.#heartbeat?.check();
  }

  /** Sends the unsent lines and ends. */
  close(): void {
    this.#closing = true;
    this.#link.close();
  }

  /** Ends at once, for a reason of this client. */
  drop(problem: Problem): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#ownProblem = problem;
    this.#framer.close();
    this.#link.destroy();
  }

  #send(line: string): void {
    if (this.#closing) return;
    if (this.#link.unsentBytes > CLIENT_LIMITS.unsentBytes) {
      this.drop({ kind: 'stalled' });
      return;
    }
    this.#heartbeat?.sent();
    this.#link.send(line);
  }

  #openedNow(): void {
    this.#opened = true;
    this.#heartbeat = new Heartbeat(
      this.clock,
      // Every answer is a sign of life, a refusal too.
      () => this.request('session.ping', {}, () => undefined),
      () => this.drop({ kind: 'silent' }),
    );
  }

  #bytes(chunk: Uint8Array): void {
    this.#heartbeat?.heard();
    this.#framer.push(chunk);
    this.handler.chunkEnd();
  }

  #line(bytes: Uint8Array): void {
    const line = decodeServerLine(bytes);
    switch (line.kind) {
      case 'notification':
        this.#notification(line.method, line.params);
        return;
      case 'result':
        if (!this.#pending.answered(line.id, { result: line.result }))
          this.#protocolError('an answer that fits no request');
        return;
      case 'error':
        this.#error(line.id, line.error);
        return;
      case 'refused':
        this.#protocolError('a line that is not of this protocol');
        return;
    }
  }

  #error(id: string | number | null, error: unknown): void {
    if (id !== null) {
      if (!this.#pending.answered(id, { error })) this.#protocolError('a refusal that fits no request');
      return;
    }
    // An error without an id is about the connection; the server closes it next.
    this.#refusal = readFailure(error);
    if (this.#refusal === undefined) this.#protocolError('a refusal without a reason');
  }

  #notification(method: string, params: unknown): void {
    // A newer server may send notifications that this client does not know.
    if (!Object.hasOwn(SERVER_PARAMS, method)) return;
    const known = method as ServerMethod;
    const checked = SERVER_PARAMS[known].safeParse(params);
    if (!checked.success) {
      this.#protocolError(`a ${known} of another shape`);
      return;
    }
    if (known === 'hello') {
      if (this.#greeted) {
        this.#protocolError('a second greeting');
        return;
      }
      this.#greeted = true;
      this.#greeting?.cancel();
    } else if (!this.#greeted && known !== 'session.ended') {
      this.#protocolError('something before the greeting');
      return;
    }
    // `known` and its checked params match; TypeScript cannot express the pair without a cast.
    this.handler.notification({ method: known, params: checked.data } as ServerNotification);
  }

  #protocolError(detail: string): void {
    this.drop(this.#greeted ? { kind: 'protocol-error', detail } : { kind: 'not-aside', detail });
  }

  #closed(end: LinkEnd): void {
    this.#closing = true;
    this.#greeting?.cancel();
    this.#heartbeat?.stop();
    this.#framer.close();
    this.#pending.failAll(clientFailure('connection-lost'));
    this.handler.closed(this.#endOf(end));
  }

  #endOf(end: LinkEnd): RpcConnectionEnd {
    if (this.#ownProblem !== undefined) return { kind: 'problem', problem: this.#ownProblem };
    if (this.#refusal !== undefined) return { kind: 'rejected', failure: this.#refusal };
    if (end.kind === 'problem' && this.#opened && !this.#greeted && end.problem.kind === 'lost') {
      return { kind: 'problem', problem: { kind: 'not-aside', detail: 'it closed the connection without a greeting' } };
    }
    return end;
  }
}
