import type { EventName, EventParams } from '../../shared/client-api/contract.ts';

/** Events of private sessions. Each session emits its end once and is then forgotten. */
export type PrivateEventName = Extract<EventName, `private.${string}`>;

export type EmitPrivateEvent = <K extends PrivateEventName>(name: K, params: EventParams<K>) => void;
