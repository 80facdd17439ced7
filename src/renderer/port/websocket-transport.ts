import type { InterfaceFrame } from '../../shared/client-api/frames.ts';
import type { Transport, TransportHandler } from './frame-port.ts';

const RETRY_FIRST_MS = 250;
const RETRY_LONGEST_MS = 5_000;

/** Frames as JSON over a WebSocket to the host on this machine; dials again after a loss, for as long as the page lives. */
export class WebSocketTransport implements Transport {
  #socket: WebSocket | undefined;
  #retryMs = RETRY_FIRST_MS;

  /** @param url ws: or wss: address of the host */
  constructor(private readonly url: string) {}

  send(frame: InterfaceFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  start(handler: TransportHandler): void {
    const socket = new WebSocket(this.url);
    let opened = false;
    this.#socket = socket;
    socket.addEventListener('open', () => {
      opened = true;
      this.#retryMs = RETRY_FIRST_MS;
      handler.open();
    });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => handler.frame(parse(data)));
    socket.addEventListener('close', () => {
      handler.closed();
      if (!opened) void isRefused().then((refused) => (refused ? handler.refused() : undefined));
      setTimeout(() => this.start(handler), this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, RETRY_LONGEST_MS);
    });
  }
}

/** Why a socket could not be opened no browser tells; the answer to a plain question does. */
async function isRefused(): Promise<boolean> {
  try {
    const { status } = await fetch('/', { method: 'HEAD', cache: 'no-store' });
    return status === 403;
  } catch {
    return false;
  }
}

/** @returns undefined for what is not JSON, which no frame is */
function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data)) as unknown;
  } catch {
    return undefined;
  }
}
