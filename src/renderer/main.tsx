import './zod-without-eval.ts';
import './styles/app.css';
import './styles/found.css';
import './styles/forced-colors.css';
import { SOCKET_PATH } from '../shared/host-api/bridge.ts';
import { showApp } from './app.tsx';
import { BridgeTransport, findBridge } from './port/bridge-transport.ts';
import { FramePort } from './port/frame-port.ts';
import { BatchingPort } from './port/batching-port.ts';
import { WebSocketTransport } from './port/websocket-transport.ts';

const bridge = findBridge();
const socket = new URL(SOCKET_PATH, location.href.replace(/^http/, 'ws'));
const transport = bridge === undefined ? new WebSocketTransport(socket.href) : new BridgeTransport(bridge);
const root = document.getElementById('root');
if (root !== null) showApp(root, new BatchingPort(new FramePort(transport)));
