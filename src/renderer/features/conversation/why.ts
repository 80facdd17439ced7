import type { ConnectionState } from '../../../shared/client-api/connection-state.ts';
import type { Message } from '../../../shared/client-api/view-state.ts';
import type { Strings } from '../../../shared/text/en.ts';
import { reasonText } from '../../../shared/text/failure-text.ts';

/** The status of a message in a short word (D2). */
export function statusWord({ status }: Message, strings: Strings): string {
  switch (status.state) {
    case 'received':
      return strings.status.received;
    case 'queued':
      return strings.status.queued;
    case 'stored':
      return strings.status.stored;
    case 'delivered':
      return strings.status.delivered;
    case 'refused':
      return strings.status.refused;
    case 'broadcast':
      return status.someBlocked
        ? `${strings.status.sentTo(status.recipients)} · ${strings.status.notAll}`
        : strings.status.sentTo(status.recipients);
  }
}

/** Why a message isn't delivered; undefined if there is nothing to explain. */
export function whyNot({ status, to }: Message, connection: ConnectionState, strings: Strings): string | undefined {
  switch (status.state) {
    case 'queued':
      if (connection.state === 'signed-out' || connection.state === 'idle') return strings.status.whySignedOut;
      if (connection.state !== 'online') return strings.status.whyOffline;
      return status.attempted ? strings.status.whyAttempted : strings.status.whyQueue;
    case 'stored':
      return strings.status.whyStored(to ?? '');
    case 'refused':
      return reasonText(strings, status.reason) ?? status.reason;
    case 'broadcast':
      return status.someBlocked ? strings.status.whyNotAll : undefined;
    case 'received':
    case 'delivered':
      return undefined;
  }
}
