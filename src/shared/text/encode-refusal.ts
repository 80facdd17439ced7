import { encodeError, type RequestId } from '../protocol/codec.ts';
import type { Refusal } from '../protocol/reasons.ts';
import { refusals } from './reasons.ts';

/** One refusal with its sentence as a line, LF included. `id` is null if the line had no readable one. */
export function encodeRefusal(id: RequestId | null, refusal: Refusal): string {
  return encodeError(id, refusal, refusals[refusal.reason]);
}
