/** Where the browser host takes the WebSocket of a user interface. */
export const SOCKET_PATH = '/socket';

/** The two channels between an Electron window and the main process: one each way. */
export const TO_HOST = 'aside:to-host';
export const TO_INTERFACE = 'aside:to-interface';
export type ToHost = typeof TO_HOST;
export type ToInterface = typeof TO_INTERFACE;

/** Under this name a window of the desktop app finds its bridge. */
export const BRIDGE_NAME = 'asideBridge';
export type BridgeName = typeof BRIDGE_NAME;

/** All that the preload script lets a window do: frames of `client-api/wire.ts` out, and frames in. */
export interface Bridge {
  /** @param frame an `InterfaceFrame`; the host judges it */
  send(frame: unknown): void;
  /** @param listener gets every `HostFrame` from now on; a second listener replaces the first */
  listen(listener: (frame: unknown) => void): void;
}
