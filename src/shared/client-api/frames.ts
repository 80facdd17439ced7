import { z } from 'zod';
import { COMMANDS, EVENTS, type CommandName, type EventName, type NumberedEvent } from './contract.ts';
import { failure } from './failure.ts';
import { HOST_COMMANDS, type HostCommandName, hostEvent, hostState } from './host.ts';
import { viewState } from './view-state.ts';

/**
 * The frames between a user interface and its host in two processes: one JSON object for each WebSocket message. The
 * interface sends requests with its own rising `id`, the host answers each once and sends events in between. A snapshot
 * and events are in order: newer events follow the snapshot.
 */
export const FRAME_LIMITS = {
  /** Longest frame of a user interface, in bytes. */
  frameBytes: 2 * 1024 * 1024,
} as const;

const id = z.int().nonnegative();
const commandName = z.enum(Object.keys(COMMANDS) as [CommandName, ...CommandName[]]);
const hostCommandName = z.enum(Object.keys(HOST_COMMANDS) as [HostCommandName, ...HostCommandName[]]);

/** A frame of a user interface. The host checks the parameters against the schema of the command. */
export const interfaceFrame = z.union([
  z.strictObject({ id, command: commandName, params: z.unknown() }),
  z.strictObject({ id, host: hostCommandName, params: z.unknown() }),
  /** Requests the view and the host state. */
  z.strictObject({ id, read: z.literal('all') }),
]);
export type InterfaceFrame = z.infer<typeof interfaceFrame>;

const outcome = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({ ok: z.literal(false), failure }),
]);

const eventNames = Object.keys(EVENTS) as [EventName, ...EventName[]];
const numberedEvent = z
  .object({ seq: z.int(), name: z.enum(eventNames), params: z.unknown() })
  .refine(({ name, params }) => EVENTS[name].safeParse(params).success)
  // `refine` has checked the pair; one schema cannot express the union of such pairs.
  .transform((event) => event as NumberedEvent);

/** A frame of a host. */
export const hostFrame = z.union([
  z.object({ id, outcome }),
  z.object({ id, view: viewState, hostState }),
  z.object({ event: numberedEvent }),
  z.object({ hostEvent }),
]);
export type HostFrame = z.infer<typeof hostFrame>;
