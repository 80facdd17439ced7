import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge, BridgeName, ToHost, ToInterface } from '../shared/host-api/bridge.ts';

// Repeated here, and checked by the compiler: a preload script is one file and cannot import code.
const toHost: ToHost = 'aside:to-host';
const toInterface: ToInterface = 'aside:to-interface';
const name: BridgeName = 'asideBridge';

const bridge: Bridge = {
  send: (frame) => ipcRenderer.send(toHost, frame),
  listen: (listener) => {
    ipcRenderer.removeAllListeners(toInterface);
    // Do not pass on the event: its `sender` gives more access than a window may have.
    ipcRenderer.on(toInterface, (_event, frame: unknown) => listener(frame));
  },
};
contextBridge.exposeInMainWorld(name, bridge);
