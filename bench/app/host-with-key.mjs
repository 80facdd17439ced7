// The browser host on a history that is encrypted as the desktop app does it. Arguments: data folder, folder of the user
// interface, port of the server, key.
import { AppHost } from '../../src/host/app-host.ts';
import { readUiFiles } from '../../src/host/windows/ui-files.ts';
import { VERSION } from '../../src/host/version.ts';
import { BrowserHost } from '../../src/browser/browser-host.ts';
import { SHELL } from './shell.mjs';

const [dataFolder = '', uiFolder = '', serverPort = '', key = ''] = process.argv.slice(2);

/** @type {import('../../src/host/shell.ts').Shell} */
const shell = { ...SHELL, historyKey: () => key };
const files = readUiFiles(uiFolder);
const server = { host: '127.0.0.1', port: Number(serverPort) };
const host = new AppHost({ dataFolder, version: VERSION, shell, server });
const browserHost = await BrowserHost.start({ host, files, port: 0 });
process.stdout.write(`${browserHost.link()}\n`);
process.once('SIGTERM', () => {
  void browserHost.close().then(() => host.close());
});
