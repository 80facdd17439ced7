/** The tag of the command that an event answers. */
export interface Tagged {
  readonly tag?: string | number;
}

/** The delivery of a message: `queued` answers the command, the others follow. */
export interface SentEvent extends Tagged {
  readonly event: 'sent';
  readonly id: string;
  readonly to: string;
  readonly status: 'queued' | 'stored' | 'delivered' | 'refused';
  readonly reason?: string;
  readonly text?: string;
}
