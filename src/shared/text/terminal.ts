import { plural } from './plural.ts';

/** Names and texts of other users reach these sentences without control characters. */
const people = (count: number) => plural(count, '1 user', `${count} users`);
const certificate = (presented: string) =>
  `Ask the administrator of the server for the fingerprint, not through this server. If it is the presented one, start again with
    --accept-certificate ${presented}`;

/** Sentences and words of the terminal client, in English. A translation has the same shape. */
export const terminalText = {
  program: {
    usage: 'Usage: aside <host> <port> [options]      More: aside --help',
    help: ({ dataFolder, commands }: { dataFolder: string; commands: string }) => `Usage: aside <host> <port> [options]

Signs in to the Aside server at that address. In a terminal, it prompts for commands;
from a pipe, it reads one command a line.

  --user NAME                username; in a terminal, it is asked for if it is missing
  --register                 create the account first
  --invite CODE              invitation, if the server needs one to register
  --take-over                end the other session of this account
  --data DIR                 folder for keys, token and history (default: ${dataFolder})
  --json                     print each event as one JSON object, for programs
  --plaintext                no TLS; only for a server on this machine without TLS
  --accept-certificate FP    trust the changed certificate of the server with this fingerprint
  --public-address A:PORT    address at which your router forwards to this computer, for direct
                             private sessions; during them, the client listens on its port
  --help, --version

In a terminal, the client asks for the password; programs set ASIDE_PASSWORD (and
ASIDE_NEW_PASSWORD for the command "password"). If a passphrase locks the data folder, the
client asks for it, too, or reads it from ASIDE_PASSPHRASE.

Exit codes: 0 every command succeeded; 1 the connection, the sign-in or a command failed,
or the session was ended; 2 wrong arguments, or a missing password without a terminal.

Commands:
${commands}`,
    helpEnd: 'A text is everything after the username, exactly as typed, on one line. For several lines, use --json.',
    badArguments: 'the arguments are not valid',
    noServer: 'a host and a port are needed',
    badPort: 'the port is a number from 1 to 65535',
    plaintextElsewhere: '--plaintext is for servers on this machine only; leave it out to use TLS',
    badFingerprint:
      '--accept-certificate takes the fingerprint as it was shown: 64 hexadecimal digits, with colons between them',
    badPublicAddress:
      '--public-address is an address with a port from 1024 on, such as 203.0.113.7:40000 or [2001:db8::7]:40000',
    badUser: (mistake: string) => `--user: ${mistake}`,
    usernameMissing: 'a username is needed.',
    usernameInvalid: 'a username has no white space or control characters.',
    usernameTooLong: 'the username is too long: at most 32 characters.',
    missing: { user: '--user NAME', password: 'the password in ASIDE_PASSWORD' },
    noTerminal: (missing: string) => `the input is not a terminal: set ${missing}.`,
    locked: 'a passphrase locks this data folder, and the input is not a terminal: set ASIDE_PASSPHRASE.',
    wrongPassphrase: 'the passphrase in ASIDE_PASSPHRASE does not open this data folder.',
    sessionEnded: 'the session has ended',
    stillWaiting: (count: number) =>
      `${plural(count, 'One message is', `${count} messages are`)} still waiting. The next sign-in sends ${plural(count, 'it', 'them')}.`,
  },

  /** Advice after a failed sign-in; follows the sentence of the failure. */
  advice: {
    register: ' If you have no account yet, --register creates one.',
    takeOver: ' To do that, use --take-over.',
    acceptCertificate: '\nIf it is right, start again with --accept-certificate and the presented fingerprint.',
    plaintext: ' If the server was started without --plaintext, leave it out here, too.',
  },

  /** Effect of each command, for `help` and docs/terminal.md. */
  about: {
    message: 'send a message; the server stores it until the user is online',
    broadcast: 'send a message to every user who is online',
    whoelse: 'list the other users who are online',
    whoelsesince: 'list the other users who were online in that time, and when',
    search: 'find users by name prefix',
    block: 'block a user',
    unblock: 'unblock a user',
    blacklist: 'list the users whom you have blocked',
    find: 'find stored messages with all of these words, or parts of them',
    outbox: 'list the messages that wait to be sent',
    cancel: 'cancel a message of the outbox',
    password: 'change your password',
    'delete-account': 'delete your account and all data of it on the server',
    startprivate: 'ask a user to talk aside, from your computer to theirs',
    yes: 'accept the request of a user; a prefix of the name is enough; hidden: without showing your address',
    no: 'decline the request of a user',
    private: 'send a private message, which no server can read',
    stopprivate: 'end a private session, or cancel your request',
    aside: 'list the private sessions, and the path of each',
    safety: 'show the safety number to compare with a user',
    verify: 'mark a user as verified after you have compared the safety number',
    accept: "accept a user's changed device identity",
    keep: 'save private messages; only if both users ask for it',
    reveal: 'allow or forbid that users with whom you talk aside learn your address',
    help: 'list the commands',
    logout: 'sign out and quit',
  },

  mistakes: {
    noCommand: (word: string) => `There is no command "${word}". Type help for the list.`,
    badParameters: (usage: string) => `The parameters do not fit the command. Use: ${usage}`,
    notJson: 'The line is not valid JSON.',
    badObject: 'The object is not a command with valid parameters. See docs/terminal.md.',
    notUtf8: 'The line is not valid UTF-8.',
    lineTooLong: 'The line is too long.',
    noteInvalid: (characters: number) => `A note is one line of at most ${characters} characters.`,
    noSuchNumber: 'There is no message with that number. Type outbox for the list.',
    passwordsMissing: 'Set the current and the new password in ASIDE_PASSWORD and ASIDE_NEW_PASSWORD.',
    passwordMissing: 'Set the password in ASIDE_PASSWORD.',
    notConfirmed: (own: string) => `Nothing was deleted. To confirm, name your own account: delete-account ${own}`,
    noRequest: 'No user has asked to talk aside.',
    noRequestOf: (start: string) => `No user with a name like ${start} has asked to talk aside.`,
    ambiguous: (names: string) => `Several users have asked: ${names}. Type more of the name.`,
  },

  prompts: {
    username: 'Username: ',
    password: 'Password: ',
    newPassword: 'New password: ',
    again: 'Repeat the password: ',
    passwordsDiffer: 'The passwords are not the same. Try again.',
    passphrase: 'Passphrase: ',
    locked: 'The data folder is locked with a passphrase.',
    register: 'Choose a username and a password.',
    signIn: 'Sign in. For a new account, type the username that you want; you can create the account next.',
    tryAgain: (mistake: string) => `Please try again: ${mistake}`,
    notHere: (name: string) => `${name} has not signed in on this computer before.`,
    create: 'Create this account? (yes: create it, no: sign in to it) ',
    yesOrNo: 'Type yes or no. Ctrl-D leaves.',
    isNew: (name: string) =>
      `Is ${name} a new account? Type new to create it, again to retry the password, name for another username.`,
    choice: 'again, new, name, or Enter to leave? ',
    badChoice: 'Type one of the words, or only Enter to leave.',
    takeOver: 'Take over, and end the other session? (yes/no) ',
    deleteAccount: 'This deletes your account and all data of it on the server. This cannot be undone.',
    deleteConfirm: (name: string) => `Type your username (${name}) to delete it: `,
    nothingDeleted: 'Nothing was deleted.',
    pasted: '(The pasted lines are one text. Enter takes them; Ctrl-C drops them.)',
    interrupt: '(Press Ctrl-C once more to leave; Ctrl-D and logout leave, too.)',
    encrypting: (percent: number) => `Encrypting stored data: ${percent} %`,
    notEncrypted: (name: string, server: string) =>
      `Not encrypted yet: ${name} at ${server}. Another program has it open. Quit that program; the next unlocking encrypts it.`,
  },

  connection: {
    certificate: (fingerprint: string) =>
      `First connection to this server. This fingerprint of its certificate is now remembered:\n    ${fingerprint}`,
    certificateReplaced: (fingerprint: string) =>
      `The changed certificate of the server is accepted and remembered:\n    ${fingerprint}`,
    offline: (problem: string) =>
      `(offline) ${problem} Reconnecting by itself; messages that you write meanwhile are sent then.`,
    untrusted: (expected: string, presented: string) =>
      `The server shows another certificate than before, so nothing was sent to it.
    known:     ${expected}
    presented: ${presented}
Someone may be intercepting the connection, or the server was set up again. ${certificate(presented)}`,
    unreadable: (presented: string) =>
      `The certificate that this computer remembers for the server is damaged, so nothing was sent to it.
    presented: ${presented}
${certificate(presented)}`,
    welcome: (name: string) => `Welcome, ${name}.`,
    resumed: (name: string) => `(online) Signed in as ${name}.`,
    noneOnline: 'No other user is online.',
    online: (names: string, more: number) => `Online: ${names}${more === 0 ? '' : ` and ${more} more`}.`,
    waiting: (count: number) =>
      plural(count, 'One message arrived while you were away:', `${count} messages arrived while you were away:`),
    tryAgainIn: (seconds: number) => ` Try again in ${seconds} ${plural(seconds, 'second', 'seconds')}.`,
    attemptsLeft: (count: number) => plural(count, ' One attempt is left.', ` ${count} attempts are left.`),
  },

  events: {
    joined: (name: string) => `[${name}] joined the chat`,
    left: (name: string, why: string) => `[${name}] left the chat${why}`,
    /** Why a user left; other reasons are not shown. */
    departures: { 'timed-out': ' (timed out)', 'connection-lost': ' (connection lost)' },
    message: (name: string, text: string) => `${name}: ${text}`,
    broadcast: (name: string, text: string) => `${name} (to everyone): ${text}`,
    queued: (name: string) => `→ ${name}: waiting`,
    stored: (name: string) => `→ ${name}: sent`,
    delivered: (name: string) => `→ ${name}: delivered`,
    refused: (name: string, reason: string) => `→ ${name}: couldn’t send. ${reason}`,
  },

  answers: {
    onlineSince: (name: string, time: string) => `${name} (since ${time})`,
    wasOnline: (name: string, times: string) => `${name} (${times})`,
    interval: (from: string, to: string) => `${from} to ${to}`,
    now: 'now',
    noneOnline: 'No other user is online.',
    noneWasOnline: 'No other user was online.',
    found: (name: string, online: boolean) => (online ? `${name} (online)` : name),
    noneFound: 'No username starts with that.',
    noneBlocked: 'You have not blocked any user.',
    blocked: (name: string) => `${name} is blocked.`,
    unblocked: (name: string) => `${name} is no longer blocked.`,
    broadcast: (recipients: number, someBlocked: boolean) =>
      `→ everyone: sent to ${people(recipients)}${someBlocked ? '; some users were not reached' : ''}`,
    outboxLine: (number: number, name: string, text: string, attempted: boolean) =>
      `${number}. ${name}: ${text}${attempted ? ' (on its way)' : ''}`,
    outboxEmpty: 'No message is waiting.',
    cancelled: 'The message is cancelled.',
    foundLine: (time: string, from: string, to: string, text: string) => `${time} ${from} → ${to}: ${text}`,
    everyone: 'everyone',
    noMessage: 'No message matches.',
    noNewMessage: 'None of the newest messages matches. Use longer words.',
    olderMessages: '(There may be older messages; more words find fewer.)',
    passwordChanged: 'Your password is changed.',
    accountDeleted: 'Your account is deleted.',
  },

  private: {
    /** Starts every line of a private session, and no other line. */
    prefix: '[aside]',
    warning: '!!! WARNING:',
    delivered: 'delivered',
    undelivered: 'NOT delivered, the session ended first',
    paths: {
      'direct-lan': (address: string) => `direct on this network (${address})`,
      direct: (address: string) => `direct (${address})`,
      relayed: () => 'relayed, still encrypted',
    },
    identities: {
      new: 'not seen before',
      known: 'the same as before, not verified',
      verified: 'verified',
      changed: 'CHANGED',
    },
    asks: (name: string, note: string | undefined) =>
      `${name} asks to talk aside${note === undefined ? '.' : `: ${note}`}`,
    identity: (identity: string) => `Device identity: ${identity}.`,
    toAnswer: (seconds: number, commands: string) => `${seconds} s to answer:  ${commands}`,
    choice: (name: string) => `yes ${name}  or  no ${name}`,
    choiceChanged: (name: string) => `first accept ${name}, then yes ${name};  or no ${name}`,
    accepted: (name: string) => `${name} says yes. Connecting…`,
    connecting: 'Connecting…',
    reconnecting: (name: string) => `Connection with ${name} lost. Reconnecting…`,
    reconnected: (name: string, path: string) => `Connected with ${name} again: ${path}.`,
    open: (name: string, path: string) => `You are talking aside with ${name}: ${path}. Nothing of it is kept.`,
    openIdentity: (identity: string, name: string, verified: boolean) =>
      `Device identity: ${identity}${verified ? '' : ` (compare: safety ${name})`}. To talk: private ${name} <text>`,
    endings: {
      declined: (name: string, you: boolean) =>
        you ? `You declined to talk aside with ${name}.` : `${name} declined to talk aside.`,
      cancelled: (name: string, you: boolean) =>
        you ? `Your request to ${name} is cancelled.` : `${name} cancelled the request.`,
      ended: (name: string, you: boolean) =>
        you ? `You ended the private session with ${name}.` : `${name} ended the private session.`,
      expired: (name: string, initiator: boolean) =>
        initiator ? `${name} did not answer in time.` : `You did not answer ${name} in time.`,
      blockedByYou: (name: string) => `You have blocked ${name}, so the private session is over.`,
    },
    identityChanged: (name: string) => `${name} has ANOTHER device identity than before.
    Either ${name} has a new computer, or someone pretends to be ${name}. Ask in person or by telephone, and
    compare the safety number of both sides: safety ${name}. Only if it is the same: accept ${name}`,
    warningAbout: (name: string, text: string) => `(${name}) ${text}`,
    keptByBoth: (name: string) =>
      `You and ${name} both ask to keep this session: from now on, it is kept in the history of both.`,
    keepAsked: (name: string) =>
      `${name} sees that you ask to keep this session. Nothing is kept until ${name} asks for it, too.`,
    keepEnded: (name: string) => `From now on, nothing of this session with ${name} is kept.`,
    keepWanted: (name: string) =>
      `${name} asks to keep this session. Nothing is kept unless you ask for it, too: keep ${name} on`,
    keepEndedByPeer: (name: string) => `${name} no longer asks to keep this session: from now on, nothing is kept.`,
    identityNow: (name: string, identity: string) => `The device identity of ${name} is now: ${identity}.`,
    asking: (name: string, seconds: number) =>
      `Asking ${name} to talk aside (${seconds} s to answer; stopprivate ${name} cancels the request).`,
    verified: (name: string) => `${name} is marked as verified.`,
    notVerified: (name: string) => `${name} is not marked as verified.`,
    identityAccepted: (name: string) =>
      `The new device identity of ${name} is accepted, and not verified (compare: safety ${name}).`,
    safety: (name: string, identity: string, digits: string, next: string) =>
      `Safety number with ${name} (device identity: ${identity}):
${digits}
Compare it with the number that ${name} sees, in person or by telephone, not through this server.
${next}`,
    safetyVerified: 'You have verified it.',
    safetySame: (command: string) => `If both are the same: ${command}`,
    revealed: 'Users with whom you talk aside learn your address, after both have accepted.',
    notRevealed: 'No user learns your address: new private sessions go through the server, still encrypted.',
    exceptions: (names: string, reveal: boolean) => `${reveal ? 'Never' : 'Only'} these users: ${names}.`,
    noSessions: 'You have no private session.',
    session: (name: string, state: string) => `${name}: ${state}`,
    states: {
      asking: 'you asked, no answer yet',
      asked: 'asks you',
      connecting: 'connecting',
      open: (path: string, identity: string) => `${path}; device identity: ${identity}`,
      ended: 'over',
    },
  },
};
