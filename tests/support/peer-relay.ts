import { createServer, type Server, type Socket } from 'node:net';
import type { DialTarget } from '../../src/core/ports.ts';

/** A blind tunnel for tests: joins the two connections with tokens of the same session and records every byte. */
export class ScriptedRelay {
  readonly passed: Buffer[] = [];
  /** Changes bytes in transit; undefined drops them. */
  tamper: (chunk: Buffer) => Buffer | undefined = (chunk) => chunk;
  target: DialTarget | undefined;
  readonly sockets = new Set<Socket>();
  #server: Server;
  #waiting = new Map<string, Socket>();

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    const bound = this.#server.address();
    if (bound === null || typeof bound === 'string') throw new Error('no port');
    this.target = { host: '127.0.0.1', port: bound.port, security: { kind: 'plaintext' } };
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
  }

  #accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', (line: Buffer) => {
      socket.pause();
      const { token } = JSON.parse(line.toString('utf8')) as { token: string };
      const sid = token.split('/')[0] ?? '';
      const other = this.#waiting.get(sid);
      if (other === undefined) {
        this.#waiting.set(sid, socket);
        return;
      }
      this.#waiting.delete(sid);
      this.#join(socket, other);
      this.#join(other, socket);
    });
  }

  #join(from: Socket, to: Socket): void {
    from.write('{"ready": true}\n');
    from.on('data', (chunk: Buffer) => {
      this.passed.push(chunk);
      const changed = this.tamper(chunk);
      if (changed !== undefined) to.write(changed);
    });
    from.on('close', () => to.destroy());
    from.resume();
  }
}
