import type { SliceStore } from './slice-store.ts';

export interface AnnouncerState {
  /** The text of the live region; the number makes the same text new. */
  readonly announcement: { readonly text: string; readonly key: number };
}

export function initialAnnouncer(): AnnouncerState {
  return { announcement: { text: '', key: 0 } };
}

/** Announces texts to screen readers. */
export class Announcer {
  constructor(private readonly store: SliceStore<AnnouncerState>) {}

  announce(text: string): void {
    this.store.setState((state) => ({ announcement: { text, key: state.announcement.key + 1 } }));
  }
}
