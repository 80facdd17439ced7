import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import { DELIVERY_LIMITS } from '../../../src/shared/limits.ts';
import type { Blacklist } from '../domain/blacklist.ts';
import type { Append, Delivery, DeliveryPort } from '../domain/delivery.ts';
import type { Directory } from '../domain/directory.ts';
import type { MailboxSizes } from '../domain/mailbox-sizes.ts';
import type { AccountId, NewMail, RemovedMail, Store } from '../store/store.ts';
import type { SessionRegistry } from './registry.ts';
import { ClientSession } from './client-session.ts';

const PAGE = { messages: DELIVERY_LIMITS.pageMessages, bytes: DELIVERY_LIMITS.pageBytes };

/** Messages by verdict, counted since the start. */
export interface DeliveryCounters {
  /** Counts of the answers `delivered` and `stored`, and of refusals after acceptance. */
  delivered: number;
  stored: number;
  refused: number;
}

interface Parts {
  readonly store: Store;
  readonly registry: SessionRegistry;
  readonly directory: Directory;
  readonly blacklist: Blacklist;
  readonly mailboxSizes: MailboxSizes;
  readonly clock: { now(): number; endOfTurn(job: () => void): void };
  background(what: string, work: Promise<unknown>): void;
}

/** Connects delivery to sessions and store. Appends of one turn of the event loop go to the store together. */
export interface LiveDeliveryPort extends DeliveryPort {
  readonly counters: DeliveryCounters;
  /** Sets the delivery that receives the results. */
  attach(delivery: Delivery): void;
  /** Releases the room of removed messages and sends the settlements to their senders. */
  released(account: AccountId, removed: RemovedMail): void;
  /** Hands the appends of this turn to the store now. */
  flush(): void;
}

export function createDeliveryPort({
  store,
  registry,
  directory,
  blacklist,
  mailboxSizes,
  clock,
  background,
}: Parts): LiveDeliveryPort {
  const counters: DeliveryCounters = { delivered: 0, stored: 0, refused: 0 };
  let delivery: Delivery | undefined;
  let appends: Append[] = [];
  let mail: NewMail[] = [];

  const settle = (batch: readonly Append[], outcomes: Awaited<ReturnType<Store['appendMail']>> | undefined) => {
    for (const [index, append] of batch.entries()) delivery?.appended(append, outcomes?.[index]);
  };
  const flush = () => {
    if (appends.length === 0) return;
    const batch = appends;
    const work = store.appendMail(mail);
    appends = [];
    mail = [];
    background(
      'appendMail',
      work.then(
        (outcomes) => settle(batch, outcomes),
        (error: unknown) => {
          settle(batch, undefined);
          throw error;
        },
      ),
    );
  };

  const released = (account: AccountId, removed: RemovedMail) => {
    mailboxSizes.release(account, removed);
    for (const sender of removed.senders) delivery?.settled(sender);
  };

  return {
    counters,
    attach: (target) => {
      delivery = target;
    },
    flush,
    push: (to: AccountId, n, { id, fromName, text, at }, stored) => {
      const from = JSON.stringify(fromName);
      registry
        .of(to)
        ?.send(
          `{"jsonrpc":"2.0","method":"message.new","params":{"n":${n},"id":"${id}","from":${from},"text":${JSON.stringify(text)},"at":${at},"stored":${stored}}}\n`,
        );
    },
    answer: ({ requests, verdict, at }) => {
      if (verdict === undefined) return;
      counters[verdict === 'delivered' || verdict === 'stored' ? verdict : 'refused']++;
      for (const { connection, request } of requests) {
        if (connection instanceof ClientSession) connection.answerMessage(request, verdict, at);
      }
    },
    append: (append) => {
      const { to, from, fromName, id, text, at, fingerprint } = append.message;
      appends.push(append);
      mail.push({ to, from, fromName, id, text, at, fingerprint });
      if (appends.length === 1) clock.endOfTurn(flush);
    },
    read: (account, after, epoch) => {
      const loaded = (page: Awaited<ReturnType<Store['readMail']>> | undefined) =>
        delivery?.loaded(account, epoch, page, clock.now());
      background(
        'readMail',
        store.readMail(account, after, PAGE).then(loaded, (error: unknown) => {
          loaded(undefined);
          throw error;
        }),
      );
    },
    remove: (account, through) => {
      background(
        'removeMail',
        store.removeMail(account, through, clock.now()).then(
          (removed) => released(account, removed),
          (error: unknown) => {
            delivery?.removalFailed(account, through);
            throw error;
          },
        ),
      );
    },
    withdraw: (account, from) => {
      background(
        'withdrawMail',
        store.withdrawMail(account, from, clock.now()).then((removed) => released(account, removed)),
      );
    },
    released,
    pushSettlement: (to, n, { id, to: recipient, status, at }) => {
      registry.of(to)?.send(encodeNotification('message.settled', { n, id, to: recipient, status, at }));
    },
    readSettlements: (account, after, epoch) => {
      const loaded = (page: Awaited<ReturnType<Store['readSettlements']>> | undefined) =>
        delivery?.settlementsLoaded(account, epoch, page, clock.now());
      background(
        'readSettlements',
        store.readSettlements(account, after, DELIVERY_LIMITS.pageMessages).then(loaded, (error: unknown) => {
          loaded(undefined);
          throw error;
        }),
      );
    },
    removeSettlements: (account, through) => {
      background('removeSettlements', store.removeSettlements(account, through));
    },
    isCongested: (account) => registry.of(account)?.isCongested ?? false,
    isKnown: (account) => directory.byId(account) !== undefined,
    isBlocked: (by, from) => blacklist.has(by, from),
  };
}
