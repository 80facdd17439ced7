import type { InterfaceFrame } from '../../shared/client-api/frames.ts';
import { type Bridge, BRIDGE_NAME } from '../../shared/host-api/bridge.ts';
import type { Transport, TransportHandler } from './frame-port.ts';

/** Frames over the bridge of the desktop app's window; the host lives as long as the window does. */
export class BridgeTransport implements Transport {
  constructor(private readonly bridge: Bridge) {}

  send(frame: InterfaceFrame): void {
    this.bridge.send(frame);
  }

  start(handler: TransportHandler): void {
    this.bridge.listen((frame) => handler.frame(frame));
    handler.open();
  }
}

/** The bridge of the desktop app; undefined in a browser. */
export function findBridge(): Bridge | undefined {
  return (globalThis as { readonly [BRIDGE_NAME]?: Bridge })[BRIDGE_NAME];
}
