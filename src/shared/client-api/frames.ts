import { z } from 'zod';
import { COMMANDS, EVENTS, type CommandName, type EventName, type NumberedEvent } from './contract.ts';
import { failure } from './failure.ts';
import { HOST_COMMANDS, type HostCommandName, hostEvent, hostState } from './host.ts';
import { viewState } from './view-state.ts';

/**
 * The frames between a user interface and its host where they are two processes: one JSON object for each WebSocket
 * message. The interface asks (`id` is its own, rising), the host answers each once and tells events in between.
 * A snapshot and the events around it are in order: whatever is newer than the snapshot follows it.
 */
export const FRAME_LIMITS = {
  /** Longest frame of a user interface, in bytes. */
  frameBytes: 2 * 1024 * 1024,
} as const;

const id = z.int().nonnegative();
const commandName = z.enum(Object.keys(COMMANDS) as [CommandName, ...CommandName[]]);
const hostCommandName = z.enum(Object.keys(HOST_COMMANDS) as [HostCommandName, ...HostCommandName[]]);

/** What a user interface sends. The parameters are checked against the command's own schema by who runs it. */
export const interfaceFrame = z.union([
  z.strictObject({ id, command: commandName, params: z.unknown() }),
  z.strictObject({ id, host: hostCommandName, params: z.unknown() }),
  /** Asks for the view and what the host keeps. */
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
  // Checked one line above, for exactly this name; the union of such pairs cannot be spelled as one schema.
  .transform((event) => event as NumberedEvent);

/** What a host sends. */
export const hostFrame = z.union([
  z.object({ id, outcome }),
  z.object({ id, view: viewState, hostState }),
  z.object({ event: numberedEvent }),
  z.object({ hostEvent }),
]);
export type HostFrame = z.infer<typeof hostFrame>;
