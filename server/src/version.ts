/** The server's version; the same as in package.json, which a test compares. */
export const SERVER_VERSION = '0.1.0';
