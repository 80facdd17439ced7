import { showableTime } from '../protocol/time.ts';
import { plural } from './plural.ts';

const unread = (count: number) => plural(count, '1 unread message', `${count} unread messages`);

/** Sentences and words of the desktop app outside its window, in English. A translation has the same shape. */
export const desktopText = {
  name: 'Aside',
  show: 'Show Aside',
  quit: 'Quit Aside',
  noFolder: (folder: string) =>
    `The data folder of Aside cannot be used or created: ${folder}. Check free space and permissions, or choose another folder with --data.`,
  noDebugger:
    'Aside does not start with remote debugging. Start it without --remote-debugging-port and --remote-debugging-pipe.',
  crashed: 'The window of Aside has crashed several times.',
  crashedDetail: 'Messages still arrive and are stored. Reloading the window does not change stored data.',
  reload: 'Reload',
  notDone: (label: string) => `${label}: not done`,
  secretStoreFails: 'The secret store of this system takes nothing from Aside. Unlock it, then start Aside again.',
  unread,
  tray: {
    states: {
      locked: 'Locked',
      'no-account': 'Not signed in',
      'signed-out': 'Signed out',
      connecting: 'Connecting…',
      'no-connection': 'No connection',
      untrusted: 'The server is not trusted',
      online: 'Online',
    },
    lock: 'Lock now',
    quiet: 'Do not disturb for an hour',
    disturb: (until: number) =>
      `End “Do not disturb” (until ${new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(showableTime(until))})`,
  },
};

/** Sentences of the browser host, in English. */
export const browserHostText = {
  usage: `Usage: node out/browser/index.js [options]

Serves the Aside app to a browser on this machine and prints the link that opens it.

  --port PORT          port of the app on 127.0.0.1 (default: the last one, or a free one)
  --data DIR           folder for keys, settings and history (also ASIDE_DATA)
  --server HOST:PORT   server that a first start offers (default: 127.0.0.1:12000)
  --plaintext          the server has no TLS; on this machine only
  --server-fingerprint FP
                       the certificate of that server, if you know it: the app does not ask you to compare it
  --open               open the app in your browser
  --ui DIR             the built user interface, if it is not next to this program
  --help, --version`,
  badArguments: 'the arguments are not understood',
  badPort: 'the port is a number from 1 to 65535',
  badServer: '--server takes host:port, such as chat.example:12000',
  plaintextElsewhere: '--plaintext is for servers on this machine only',
  plaintextWithoutServer: '--plaintext needs --server',
  ready: (link: string, minutes: number) =>
    `Aside is ready. Open this link in a browser on this machine (valid once, for ${minutes} minutes):\n${link}\n`,
  opening: (link: string, minutes: number) =>
    `Aside is ready and opens in your browser. If it does not, open this link on this machine (valid once, for ${minutes} minutes):\n${link}\n`,
  notOpened: (link: string, reason: string) =>
    `The browser could not be opened (${reason}). Open this link in a browser on this machine:\n${link}\n`,
  newLink: 'Press Enter for a new link, Ctrl-C to end.\n',
  portInUse: (port: number) => `port ${port} of this machine is in use. Give another with --port.`,
  unknownFailure: 'unknown failure',
  notBuilt: (folder: string) => `The app's user interface is not built: ${folder}. Run "npm run build".`,
  wrongFolder: (folder: string) => `The folder is not the app's user interface: ${folder}.`,
  draftsLost: 'unfinished messages could not be saved, and are lost',
  pages: {
    entering: { before: 'Opening Aside.', link: 'Continue', after: 'if nothing happens.' },
    linkInvalid: {
      title: 'This link was used, or has expired',
      text: 'In the terminal where Aside runs, press Enter for a new one.',
    },
    noPass: {
      title: 'Open Aside with its link',
      text: 'The terminal where Aside runs has printed it. Press Enter there for a new one.',
    },
    refused: { title: 'Refused', text: 'This request does not come from the app itself.' },
    notFound: 'Page not found',
    wrongMethod: 'Pages support GET and HEAD only',
  },
};

/** Sentences for errors of the data folder, in English: what happened, then what to do. */
export const dataFolderText = {
  unusable: (folder: string) =>
    `The data folder cannot be used: ${folder}. Check who owns it, or give another with --data.`,
  locked: 'The data of Aside on this computer is locked with a passphrase. Unlock it first.',
  vaultChanged: 'Another program has removed or replaced the passphrase. Quit this one and start it again.',
  vaultMissing: (file: string) =>
    `The file that the passphrase opens is missing: ${file}. Restore it from a copy; without it, the data cannot be read.`,
  vaultDamaged: (file: string) =>
    `The file that the passphrase opens is damaged: ${file}. Restore it from a copy; without it, the data cannot be read.`,
  vaultUnreadable: (file: string) => `The file that the passphrase opens cannot be read just now: ${file}. Try again.`,
  otherPassphrase: (file: string) =>
    `This file does not belong to the passphrase: ${file}. Restore the data folder as a whole, or use another folder.`,
  inUse: 'Another program has just used the data. Quit it, then try again.',
  openElsewhere:
    'This account is already open in another client with the same data folder. Use that one, or give --data another folder.',
  settingsDamaged: (file: string) =>
    `The file with the app's settings is damaged: ${file}. Restore it, or delete it to start with the defaults.`,
  encryptedSettingsDamaged: (file: string) =>
    `The encrypted file with accounts and drafts is damaged: ${file}. Restore it, or delete it.`,
  serversDamaged: (file: string) =>
    `The file of known servers is damaged: ${file}. Restore it, or delete it and compare the server's fingerprint again.`,
  identityDamaged: (file: string) =>
    `The file with this computer's identity is damaged: ${file}. Restore it, or delete it to start as a new device.`,
  identitiesDamaged: (file: string) =>
    `The file of known identities is damaged: ${file}. Restore it, or delete it and compare the safety numbers again.`,
  addressRulesDamaged: (file: string) =>
    `The file with the rules for your address is damaged: ${file}. Delete it and choose again with "reveal".`,
  historyUnusable: (file: string, reason: string) =>
    `The history cannot be used: ${file} (${reason}). Check who owns it and that the disk is not full.`,
  historyNewer: 'A newer version of this program has written the history. Use that version.',
  historyEncrypted:
    'This history is encrypted, and this program has no key for it. Open it with the desktop app, or give --data another folder.',
  historyOtherKey: (file: string) =>
    `The key does not open the history: ${file}. It is encrypted with another key; use the data folder with that key, or another folder.`,
  historyKeyWrong: (file: string) => `The key does not open the history: ${file}. Restore the data folder as a whole.`,
  historyKeyUnreadable: {
    sealed:
      'The key of the history cannot be read from the secret store of this system. Unlock that, then start Aside again.',
    vault:
      'The key of the history does not belong to this passphrase. Restore the data folder as a whole, or use another folder.',
  },
};
