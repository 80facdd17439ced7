/** Path of the browser host's WebSocket for user interfaces. */
export const SOCKET_PATH = '/socket';

/** The two IPC channels between an Electron window and the main process, one in each direction. */
export const TO_HOST = 'aside:to-host';
export const TO_INTERFACE = 'aside:to-interface';
export type ToHost = typeof TO_HOST;
export type ToInterface = typeof TO_INTERFACE;

/** Name of the bridge in a window of the desktop app. */
export const BRIDGE_NAME = 'asideBridge';
export type BridgeName = typeof BRIDGE_NAME;

/** The preload script's interface for a window: sends and receives frames of `client-api/frames.ts`. */
export interface Bridge {
  /** @param frame an `InterfaceFrame`; the host validates it */
  send(frame: unknown): void;
  /** @param listener gets every `HostFrame` from now on; a second listener replaces the first */
  listen(listener: (frame: unknown) => void): void;
}
