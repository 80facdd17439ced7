// Browser host with an encrypted history, as in the desktop app. Arguments: data folder, folder of the user interface,
// port of the server, key.
import { AppHost } from '../../src/host/app-host.ts';
import { builtPage } from '../../src/host/windows/page-source.ts';
import { readUiFiles } from '../../src/host/windows/ui-files.ts';
import { APP_VERSION } from '../../src/host/version.ts';
import { BrowserHost } from '../../src/browser/browser-host.ts';
import { SHELL } from './shell.mjs';

const [dataFolder = '', uiFolder = '', serverPort = '', key = ''] = process.argv.slice(2);

/** @type {import('../../src/host/app-shell.ts').AppShell} */
const shell = { ...SHELL, historyKey: () => key };
const page = builtPage(readUiFiles(uiFolder), "'self'");
const server = { host: '127.0.0.1', port: Number(serverPort) };
const host = new AppHost({ dataFolder, version: APP_VERSION, shell, server });
const browserHost = await BrowserHost.start({ host, page, port: 0 });
process.stdout.write(`${browserHost.link()}\n`);
process.once('SIGTERM', () => {
  void browserHost.close().then(() => host.close());
});
