// Sentences that npm start prints for a new user: how others join, and why no browser opens.

/** @typedef {{ address: string, family: string | number, internal: boolean, scopeid?: number }} NetworkAddress */

/**
 * @param {string} host an address, perhaps of IPv6
 * @param {string} port
 */
const join = (host, port) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

/**
 * Tells how users on other computers join.
 * @param {{ host: string, port: string, tls: boolean }} server as it has announced itself; an IPv6 address has no brackets
 * @param {Readonly<Record<string, readonly NetworkAddress[] | undefined>>} interfaces of this computer
 * @returns {string} a sentence
 */
export function howOthersJoin({ host, port, tls }, interfaces) {
  if (host === '127.0.0.1' || host === '::1' || host === 'localhost') {
    const option = tls ? 'with --host 0.0.0.0' : 'without --plaintext';
    return `Only this computer can reach the server. For others on this network, start it ${option}.`;
  }
  if (host !== '::' && host !== '0.0.0.0') return `Others on this network join at ${join(host, port)}`;
  const addresses = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    // A link-local address needs the name of an interface, which differs between computers.
    .filter(({ internal, address }) => !internal && !/^(?:fe80:|169\.254\.)/i.test(address))
    .filter(({ address }) => host === '::' || !address.includes(':'))
    .map(({ address }) => address)
    .sort((one, other) => Number(one.includes(':')) - Number(other.includes(':')));
  if (addresses.length === 0) return 'This computer has no address on a network, so only this computer can join.';
  return `Others on this network join at ${addresses.map((address) => join(address, port)).join(' or ')}`;
}

/**
 * Decides whether the app opens in the browser by itself.
 * @param {{ platform: NodeJS.Platform, terminal: boolean, env: NodeJS.ProcessEnv }} machine
 * @returns {{ open: boolean, why?: string }} `why`: a sentence if it does not
 */
export function chooseBrowser({ platform, terminal, env }) {
  const why = (/** @type {string} */ reason) => ({ open: false, why: `No browser opens by itself: ${reason}.` });
  if (env.ASIDE_NO_BROWSER) return why('ASIDE_NO_BROWSER is set');
  if (env.CI) return why('this is a CI run');
  if (!terminal) return why('the output is not a terminal');
  const hasDisplay = platform === 'darwin' || platform === 'win32' || env.DISPLAY || env.WAYLAND_DISPLAY;
  return hasDisplay ? { open: true } : why('there is no display');
}
