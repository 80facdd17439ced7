// The part of Electron that the app's main process uses, on Chromium with playwright-core: the built main bundle runs in
// Node, the built preload script and user interface in a real browser. Calls that need real Electron are recorded (`log`)
// for the test. The test controls the stand-in over the process channel.
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env.ASIDE_CHROMIUM ?? '/usr/bin/chromium';
/** Chromium has no `app:` scheme; pages have this origin instead, and URLs are translated in both directions. */
const SHOWN = 'https://aside.test';
const APP = 'app://aside';
/** Port for remote debugging on the loopback address: a test uses the window through it like a user. */
const DEVTOOLS_PORT = process.env.STAND_IN_DEVTOOLS_PORT;
const BACKEND = process.env.STAND_IN_SECRETS ?? 'gnome_libsecret';

/** @type {{ what: string, args: unknown[] }[]} */
const log = [];
const note = (/** @type {string} */ what, /** @type {unknown[]} */ ...args) => void log.push({ what, args });
const toApp = (/** @type {string} */ url) => (url.startsWith(`${SHOWN}/`) ? APP + url.slice(SHOWN.length) : url);
const toShown = (/** @type {string} */ url) => (url.startsWith(`${APP}/`) ? SHOWN + url.slice(APP.length) : url);

class Cancelable {
  defaultPrevented = false;
  /** @param {object} details */
  constructor(details = {}) {
    Object.assign(this, details);
  }
  preventDefault() {
    this.defaultPrevented = true;
  }
}

class App extends EventEmitter {
  isPackaged = process.env.STAND_IN_PACKAGED !== undefined;
  commandLine = {
    hasSwitch: (/** @type {string} */ name) => process.argv.some((one) => one.split('=')[0] === `--${name}`),
  };
  /** @type {Promise<void>} */
  #ready = new Promise((resolve) => setImmediate(resolve));
  enableSandbox() {
    note('app.enableSandbox');
    // Simulate another system from now on, after the native code of this one is loaded.
    const platform = process.env.STAND_IN_PLATFORM;
    if (platform !== undefined) Object.defineProperty(process, 'platform', { value: platform });
  }
  setPath(/** @type {string} */ name, /** @type {string} */ path) {
    if (!isAbsolute(path)) throw new Error('Path must be absolute');
    if (!existsSync(path)) throw new Error(`Failed to set '${name}' path`);
    note('app.setPath', name, path);
  }
  getPath(/** @type {string} */ name) {
    const path = process.env[`STAND_IN_${name.toUpperCase()}`];
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }
  setLoginItemSettings(/** @type {object} */ settings) {
    note('app.setLoginItemSettings', settings);
  }
  getLoginItemSettings() {
    return { wasOpenedAtLogin: process.env.STAND_IN_AT_LOGIN !== undefined };
  }
  requestSingleInstanceLock() {
    note('app.requestSingleInstanceLock');
    return process.env.STAND_IN_SECOND === undefined;
  }
  whenReady() {
    return this.#ready;
  }
  setAppUserModelId(/** @type {string} */ id) {
    note('app.setAppUserModelId', id);
  }
  setBadgeCount(/** @type {number} */ count) {
    note('app.setBadgeCount', count);
  }
  exit(/** @type {number} */ code) {
    process.exit(code);
  }
  quit() {
    note('app.quit');
    const event = new Cancelable();
    this.emit('before-quit', event);
    for (const window of BrowserWindow.all) window.close();
    this.emit('will-quit', event);
    void end();
  }
}

/** Ends the browser too: a remaining browser would keep the output open, and the test would never end. */
async function end() {
  await browser?.close();
  process.exit(0);
}
export const app = new App();

export const ipcMain = new EventEmitter();
export const powerMonitor = new EventEmitter();
export const nativeTheme = { themeSource: 'system' };
export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};
/** @type {((response: number) => void)[]} */
const askedBoxes = [];
export const dialog = {
  showMessageBox: (/** @type {BrowserWindow} */ _window, /** @type {object} */ options) => {
    note('dialog.showMessageBox', options);
    return new Promise((resolve) => {
      askedBoxes.push((response) => resolve({ response, checkboxChecked: false }));
    });
  },
  showErrorBox: (/** @type {string} */ title, /** @type {string} */ text) => {
    note('dialog.showErrorBox', title, text);
    process.stderr.write(`${title}: ${text}\n`);
  },
};
export const shell = {
  openExternal: async (/** @type {string} */ url) => note('shell.openExternal', url),
};
export const nativeImage = {
  createFromPath: (/** @type {string} */ path) => {
    if (!existsSync(path)) throw new Error(`no image: ${path}`);
    return { path };
  },
};

const KEY = 0x5a;
const flip = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes.map((byte) => byte ^ KEY));
export const safeStorage = {
  isEncryptionAvailable: () => BACKEND !== 'none',
  getSelectedStorageBackend: () => BACKEND,
  encryptString: (/** @type {string} */ text) => {
    // Simulates a store that is available and stays locked.
    if (BACKEND === 'gnome_locked')
      throw new Error('Error while encrypting the text provided to safeStorage.encryptString.');
    return flip(Buffer.from(text));
  },
  decryptString: (/** @type {Buffer} */ sealed) => flip(sealed).toString(),
};

export class Menu {
  /** @param {{ label?: string, click?: () => void }[]} template */
  constructor(template) {
    this.template = template;
  }
  static buildFromTemplate(/** @type {{ label?: string, click?: () => void }[]} */ template) {
    return new Menu(template);
  }
  static setApplicationMenu(/** @type {Menu | null} */ menu) {
    note('Menu.setApplicationMenu', menu === null ? null : 'menu');
  }
}

/** @type {Tray | undefined} */
let theTray;
export class Tray extends EventEmitter {
  /** @type {Menu | undefined} */
  menu;
  constructor() {
    super();
    theTray = this;
  }
  setToolTip(/** @type {string} */ text) {
    note('tray.setToolTip', text);
  }
  setContextMenu(/** @type {Menu} */ menu) {
    this.menu = menu;
  }
}

/** @type {Notification[]} */
const notifications = [];
export class Notification extends EventEmitter {
  static isSupported() {
    return true;
  }
  /** @param {object} options */
  constructor(options) {
    super();
    this.options = options;
  }
  show() {
    notifications.push(this);
    note('notification.show', this.options);
  }
  close() {
    note('notification.close', this.options);
    this.emit('close', {});
  }
}

export const protocol = {
  registerSchemesAsPrivileged: (/** @type {unknown} */ schemes) => note('protocol.schemes', schemes),
};

/** @type {Record<string, (...args: never[]) => unknown>} */
const handlers = {};
const keep = (/** @type {string} */ name) => (/** @type {(...args: never[]) => unknown} */ handler) =>
  void (handlers[name] = handler);
const sessionEvents = new EventEmitter();
export const session = {
  defaultSession: {
    on: sessionEvents.on.bind(sessionEvents),
    protocol: {
      handle: (/** @type {string} */ scheme, /** @type {never} */ handler) => keep(`protocol:${scheme}`)(handler),
    },
    setPermissionRequestHandler: keep('permissionRequest'),
    setPermissionCheckHandler: keep('permissionCheck'),
    setDevicePermissionHandler: keep('devicePermission'),
    setSpellCheckerEnabled: (/** @type {boolean} */ enabled) => note('session.setSpellCheckerEnabled', enabled),
    webRequest: { onBeforeRequest: keep('beforeRequest') },
  },
};

/** @type {import('playwright-core').Browser | undefined} */
let browser;
/** @type {import('playwright-core').Page | undefined} */
let page;
/** @type {import('playwright-core').CDPSession | undefined} */
let devTools;

class WebContents extends EventEmitter {
  mainFrame = { url: 'about:blank' };
  #loading = false;
  /** @type {(details: { url: string }) => { action: string }} */
  openHandler = () => ({ action: 'allow' });
  /** @param {{ webPreferences: { preload: string } }} options */
  constructor({ webPreferences }) {
    super();
    /** @type {Promise<unknown>} */
    this.reloading = Promise.resolve();
    this.preload = readFileSync(webPreferences.preload, 'utf8');
  }
  isDestroyed() {
    return page === undefined || page.isClosed();
  }
  setWindowOpenHandler(/** @type {WebContents['openHandler']} */ handler) {
    this.openHandler = handler;
  }
  reload() {
    note('webContents.reload');
    // Navigate one after the other: of two at once the first would fail and end the app.
    this.reloading = this.reloading.then(() => page?.reload()).catch(() => undefined);
  }
  send(/** @type {string} */ channel, /** @type {unknown} */ frame) {
    const text = JSON.stringify([channel, structuredClone(frame)]);
    void devTools?.send('Runtime.evaluate', { expression: `__standInReceive(...${text})` });
  }

  /** @param {string} url */
  async load(url) {
    browser ??= await chromium.launch({
      executablePath: CHROMIUM,
      chromiumSandbox: false,
      args: DEVTOOLS_PORT === undefined ? [] : [`--remote-debugging-port=${DEVTOOLS_PORT}`],
    });
    const context = await browser.newContext();
    // Chromium asks for this before a page connects to this machine.
    const permission = 'local-network-access';
    if (call('permissionCheck', {}, permission, APP)) await context.grantPermissions([permission]);
    page = await context.newPage();
    devTools = await context.newCDPSession(page);
    await page.exposeBinding('__standInSend', ({ frame }, channel, message) => {
      const main = frame === page?.mainFrame();
      const senderFrame = main ? this.mainFrame : { url: toApp(frame.url()) };
      ipcMain.emit(String(channel), { senderFrame }, message);
    });
    await page.addInitScript(preloadScript(this.preload));
    context.on('page', (other) => {
      const { action } = this.openHandler({ url: other.url() });
      note('window.open', action);
      if (action === 'deny') void other.close();
    });
    await page.route('**/*', (route) => this.#route(route));
    this.#loading = true;
    await page.goto(toShown(url));
  }

  /** @param {import('playwright-core').Route} route */
  async #route(route) {
    const request = route.request();
    const url = toApp(request.url());
    if (request.isNavigationRequest()) {
      const isMainFrame = request.frame() === page?.mainFrame();
      const event = new Cancelable({ url, isMainFrame, isSameDocument: false });
      if (!this.#loading) {
        if (isMainFrame) this.emit('will-navigate', event);
        this.emit('will-frame-navigate', event);
      }
      if (event.defaultPrevented) {
        note('navigation refused', url);
        // The page stays, as in Electron. An aborted navigation would show an error page instead.
        await route.fulfill({ status: 204 });
        return;
      }
      this.#loading = false;
      this.emit('did-start-navigation', event);
      if (isMainFrame) this.mainFrame = { url };
    }
    const cancelled = await new Promise((resolve) => {
      call('beforeRequest', { url }, (/** @type {{ cancel: boolean }} */ { cancel }) => resolve(cancel));
    });
    const response = cancelled
      ? undefined
      : /** @type {Response} */ (await call(`protocol:${new URL(url).protocol.slice(0, -1)}`, new Request(url)));
    if (response === undefined) {
      note('request refused', url);
      await route.abort();
      return;
    }
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }
}

/** @param {string} name @param {unknown[]} args */
const call = (name, ...args) => handlers[name]?.(.../** @type {never[]} */ (args));

/** @param {string} preload the built script, as it is */
function preloadScript(preload) {
  return `(() => {
    const listeners = new Map();
    window.__standInReceive = (channel, frame) => {
      for (const listener of listeners.get(channel) ?? []) listener({ sender: 'must stay inside' }, frame);
    };
    window.__violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      window.__violations.push(event.violatedDirective + ' ' + event.blockedURI);
    });
    const send = window.__standInSend;
    delete window.__standInSend;
    const electron = {
      ipcRenderer: {
        send: (channel, frame) => void send(channel, structuredClone(frame)),
        on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
        removeAllListeners: (channel) => listeners.delete(channel),
      },
      contextBridge: { exposeInMainWorld: (name, api) => { window[name] = Object.freeze(api); } },
    };
    const require = (name) => {
      if (name !== 'electron') throw new Error('a sandboxed preload cannot have ' + name);
      return electron;
    };
    const module = { exports: {} };
    ((require, module, exports) => { ${preload}
    })(require, module, module.exports);
  })();`;
}

/** Emulates focus: without a screen every page reports to have it, also in a hidden window. @param {boolean} focused */
function setFocus(focused) {
  const told = focused ? 'focus' : 'blur';
  const stays = `document.hasFocus = () => ${focused};`;
  // Apply it after a reload of the page, too.
  page?.addInitScript(stays).catch(() => undefined);
  const expression = `${stays} window.dispatchEvent(new Event('${told}'))`;
  // The browser may be closing.
  devTools?.send('Runtime.evaluate', { expression }).catch(() => undefined);
}

export class BrowserWindow extends EventEmitter {
  /** @type {BrowserWindow[]} */
  static all = [];
  visible = false;
  fullScreen = false;
  #maximized = false;
  #bounds;
  /** @param {{ width: number, height: number, show: boolean, webPreferences: { preload: string } }} options */
  constructor(options) {
    super();
    note('BrowserWindow', structuredClone({ ...options }));
    this.#bounds = { x: 10, y: 20, ...options };
    this.webContents = new WebContents(options);
    BrowserWindow.all.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(/** @type {string} */ url) {
    note('loadURL', url);
    await this.webContents.load(url);
    this.emit('ready-to-show');
    process.send?.({ ready: true });
  }
  getNormalBounds() {
    const { x, y, width, height } = this.#bounds;
    return { x, y, width, height };
  }
  isMaximized() {
    return this.#maximized;
  }
  /** Shows the window, as Electron does. */
  maximize() {
    note('window.maximize');
    this.#maximized = true;
    if (!this.visible) this.show();
  }
  isVisible() {
    return this.visible;
  }
  isDestroyed() {
    return !BrowserWindow.all.includes(this);
  }
  isFullScreen() {
    return this.fullScreen;
  }
  /** On macOS this takes a while. */
  setFullScreen(/** @type {boolean} */ flag) {
    note('window.setFullScreen', flag);
    setImmediate(() => {
      this.fullScreen = flag;
      this.emit(flag ? 'enter-full-screen' : 'leave-full-screen');
    });
  }
  isMinimized() {
    return false;
  }
  focus() {
    note('window.focus');
  }
  setOverlayIcon(/** @type {{ path: string } | null} */ image, /** @type {string} */ description) {
    note('window.setOverlayIcon', image?.path.split(/[\\/]/).at(-1), description);
  }
  show() {
    const before = this.visible;
    this.visible = true;
    note('window.show');
    setFocus(true);
    if (!before) this.emit('show');
  }
  hide() {
    this.visible = false;
    note('window.hide', ...(this.fullScreen ? ['leaves a black screen'] : []));
    setFocus(false);
  }
  close() {
    const event = new Cancelable();
    this.emit('close', event);
    if (event.defaultPrevented) return;
    this.emit('closed');
    BrowserWindow.all = BrowserWindow.all.filter((one) => one !== this);
    if (BrowserWindow.all.length === 0) app.emit('window-all-closed');
  }
}

/** Requests of the test. @type {Record<string, (...args: never[]) => unknown>} */
const REQUESTS = {
  log: () => log,
  visible: () => BrowserWindow.all[0]?.visible,
  theme: () => nativeTheme.themeSource,
  evaluate: async (/** @type {string} */ expression) => {
    const answer = await devTools?.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (answer?.exceptionDetails !== undefined) throw new Error(answer.exceptionDetails.exception?.description);
    return answer?.result.value;
  },
  reloadPage: async () => {
    await page?.reload();
  },
  waitFor: async (/** @type {string} */ selector) => {
    await page?.waitForSelector(selector, { timeout: 30_000 });
  },
  click: async (/** @type {string} */ selector) => {
    await page?.click(selector, { timeout: 30_000 });
  },
  fill: async (/** @type {string} */ selector, /** @type {string} */ text) => {
    await page?.fill(selector, text, { timeout: 30_000 });
  },
  press: async (/** @type {string} */ key) => {
    await page?.keyboard.press(key);
  },
  permission: (/** @type {string} */ name, /** @type {string} */ requestingUrl) => [
    call('permissionCheck', {}, name, new URL(requestingUrl).href),
    new Promise((resolve) => {
      call('permissionRequest', {}, name, resolve, { requestingUrl });
    }),
    call('devicePermission', {}),
  ],
  request: (/** @type {string} */ url) =>
    new Promise((resolve) => {
      call('beforeRequest', { url }, resolve);
    }),
  fetchApp: async (/** @type {string} */ url, /** @type {string} */ method) => {
    const response = /** @type {Response} */ (await call('protocol:app', new Request(url, { method })));
    return { status: response.status, headers: Object.fromEntries(response.headers) };
  },
  download: (/** @type {string} */ url) => {
    const event = new Cancelable();
    sessionEvents.emit('will-download', event, { getURL: () => url });
    return event.defaultPrevented;
  },
  contents: (/** @type {string} */ name) => {
    const event = new Cancelable({ url: 'app://aside/index.html', isMainFrame: true });
    BrowserWindow.all[0]?.webContents.emit(name, event);
    return event.defaultPrevented;
  },
  crash: () => void BrowserWindow.all[0]?.webContents.emit('render-process-gone', {}, { reason: 'crashed' }),
  ipc: (/** @type {string | null} */ url, /** @type {unknown} */ frame) =>
    void ipcMain.emit('aside:to-host', { senderFrame: url === null ? null : { url } }, frame),
  closeNotification: (/** @type {number} */ index, /** @type {string} */ reason) =>
    void notifications[index]?.emit('close', { reason }),
  clickNotification: (/** @type {number} */ index) => void notifications[index]?.emit('click'),
  clickNotificationAction: (/** @type {number} */ index, /** @type {number} */ actionIndex) =>
    void notifications[index]?.emit('action', { actionIndex }),
  clickTray: (/** @type {string} */ label) =>
    label === '' ? theTray?.emit('click') : theTray?.menu?.template.find((entry) => entry.label === label)?.click?.(),
  trayLabels: () => theTray?.menu?.template.flatMap(({ label }) => label ?? []),
  focused: async () => await page?.evaluate(() => document.hasFocus()),
  emitApp: (/** @type {string} */ name) => void app.emit(name, new Cancelable()),
  wake: () => void powerMonitor.emit('resume'),
  end: () => void end(),
  answerBox: (/** @type {number} */ response) => askedBoxes.shift()?.(response),
  enterFullScreen: () => {
    const [window] = BrowserWindow.all;
    if (window !== undefined) window.fullScreen = true;
  },
  closeWindow: () => BrowserWindow.all[0]?.close(),
};

/** @param {{ id: number, name: string, args: never[] }} request */
async function serve({ id, name, args }) {
  /** @type {{ result?: unknown, error?: string }} */
  let answer;
  try {
    const result = await REQUESTS[name]?.(...args);
    answer = { result: Array.isArray(result) ? await Promise.all(result) : result };
  } catch (error) {
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  if (process.connected) process.send?.({ id, ...answer });
}
process.on('message', (request) => void serve(/** @type {Parameters<typeof serve>[0]} */ (request)));
// The test process has ended: end the stand-in as well.
process.on('disconnect', () => void end());
