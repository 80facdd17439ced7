import type { ServerParams } from '../../../shared/protocol/messages.ts';
import type { Core } from '../core.ts';

export function hello(core: Core, { server, policy, limits }: ServerParams<'hello'>): void {
  core.pace.allow(limits.messagesPerSecond, limits.messageBurst, core.ports.clock.now());
  core.emit('server.greeted', { server, policy, limits });
  core.connector.greeted();
}
