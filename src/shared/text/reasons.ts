import type { ProblemKind, SignedOutReason } from '../client-api/connection-state.ts';
import type { ClientReason, FailureDetail } from '../client-api/failure.ts';
import type { IntroductionFault, PrivateEndingReason } from '../client-api/private-view.ts';
import type { Reason } from '../protocol/reasons.ts';

/**
 * The sentence of each reason that the server can refuse for, also sent as `error.message`. docs/errors.md lists them,
 * which a test checks. A sentence never repeats what the client sent.
 */
export const refusals = {
  parse: 'That line is not valid JSON in UTF-8. Send one JSON object per line.',
  invalid: 'That line is not a request of this protocol. Send jsonrpc, id, method and params.',
  'unknown-method': 'This server does not know that method.',
  'invalid-params': 'The parameters do not fit the method. Check names, types and sizes.',
  'too-many-requests': 'Too many requests are waiting for an answer. Wait for some of them.',
  'not-signed-in': 'Sign in first.',
  'already-signed-in': 'This connection is already signed in. Sign out to use another account.',
  'wrong-credentials': 'Username or password is wrong.',
  locked: 'Too many wrong passwords. The account is locked for a while; try again later.',
  'already-online': 'This account is signed in elsewhere. Take over to end the other session.',
  'token-invalid': 'This sign-in is no longer valid. Sign in with the password.',
  'username-taken': 'That username is taken, or looks too much like one that is. Choose another.',
  'username-invalid': 'A username has 1 to 32 letters, digits or signs, without white space or control characters.',
  'password-weak': 'A password has 8 to 1024 characters.',
  'registration-closed': 'This server does not accept new accounts. Ask its administrator.',
  'invite-invalid': 'A valid invitation is needed. Ask the administrator of the server for one.',
  'slow-down': 'Too fast. Wait a moment and try again.',
  'no-such-user': 'There is no user with that name on this server.',
  self: 'That is your own account. Choose another user.',
  blocked: 'Not delivered: this user does not accept messages or requests from you.',
  'too-long': 'The text is too long: at most 8192 bytes in UTF-8.',
  'mailbox-full': 'The mailbox of this user is full. Try again after they have signed in.',
  'id-conflict': 'Another message was sent with the same id. Use a new id.',
  storage: 'The server could not store this. Nothing was changed; try again later.',
  'already-blocked': 'You have already blocked this user.',
  'not-blocked': 'You have not blocked this user.',
  offline: 'This user is offline. Talking aside needs both users online.',
  'already-open': 'You already have a private session with this user.',
  'already-asking': 'One of you has already asked the other. Wait for the answer.',
  'no-such-request': 'This request to talk aside no longer exists.',
  'no-such-session': 'This private session no longer exists.',
  'relay-busy': 'The server cannot carry another tunnel at the moment. Try again later.',
  'too-many-connections': 'Too many connections. Try again later.',
  'sign-in-timeout': 'The sign-in took too long. Connect again.',
  'line-too-long': 'That line is too long for this protocol.',
  'server-stopping': 'The server is stopping. Connect again later.',
} as const satisfies Record<Reason, string>;

/** The sentence of each reason for which a command can fail: the server's and the client's. */
export const failures = {
  ...refusals,
  'connection-lost': 'The connection was lost before the server answered. Try again when it is back.',
  'no-answer': 'The server did not answer in time. Try again.',
  'cannot-connect': 'The server could not be reached. Check the address and the network.',
  'certificate-changed':
    'The server shows another certificate than the one this computer knows. Someone may be intercepting the connection, or the server was set up again. Ask its administrator.',
  'certificate-unreadable':
    'The certificate that this computer remembers for the server is damaged, so nothing was sent. Ask the administrator of the server whether the presented one is right.',
  'another-server':
    'Another server answers at this address: it does not show the certificate of your server. Check the address.',
  'no-token': 'This account is not signed in on this computer. Sign in with username and password.',
  'already-trying': 'A sign-in is already in progress. Wait for it.',
  superseded: 'Another sign-in was started instead.',
  'storage-here':
    'This could not be saved on this computer. Check that the disk is not full and the folder is writable.',
  'outbox-full': 'Too many messages are waiting to be sent. Wait until some of them are sent.',
  'too-many-waiting': 'Too many commands are waiting for the server. Wait for some of them.',
  'not-waiting': 'No such message is waiting here; it may have been sent already.',
  'not-here': 'There is no such message here. It may have been deleted already.',
  'still-waiting': 'This message is waiting to be sent. Cancel it instead, or wait until it is sent.',
  'already-sent': 'This message is already on its way and cannot be cancelled.',
  'vault-locked': 'The data of Aside on this computer is locked. Unlock it with your passphrase first.',
  'vault-busy': 'The data of Aside on this computer is being encrypted or decrypted. Wait until that is done.',
  'wrong-passphrase': 'The passphrase is wrong. Try again.',
  'passphrase-short': 'A passphrase has 8 characters or more.',
  'invalid-command': 'This command is not valid. Check its name and parameters.',
  'no-private-session': 'There is no private session with this user.',
  'not-asked': 'This user has not asked to talk aside.',
  'not-asking': 'You have not asked this user to talk aside.',
  'identity-changed':
    'This user has another device identity than before. Compare the safety number and accept the identity first.',
  'identity-unknown': 'The device identity of this user is not known yet. Talk aside once, then compare.',
  'text-blank': 'This message has no visible text. Write something first.',
  'text-invalid': 'The message has no text that can be sent.',
  expired:
    'Not delivered: the message has been removed from the server because the recipient did not fetch it in time or has deleted the account.',
  withdrawn: 'Not delivered: this user has blocked you, so the server has removed the message.',
  'note-too-long': 'The note is too long: at most 280 characters.',
  'too-many-sessions': 'Too many private sessions. End some of them.',
} as const satisfies Record<Reason | ClientReason, string>;

/** The sentence of a failure with a detail, instead of its reason's. */
export const failureDetails = {
  'no-connection': 'There is no connection to the server. Try again when it is back.',
  'blocked-by-you': 'You have blocked this user. Unblock them first.',
  'no-changed-identity': 'This user has no changed device identity to accept.',
  'private-messages': 'Too many private messages are waiting. Wait until some of them are delivered.',
  'no-server': 'Choose a server first.',
  'passphrase-attempt': 'Another passphrase is being checked. Wait for the result.',
  'not-locked': 'Nothing is locked here.',
  'not-lockable': 'There is no passphrase that could unlock this again. Set one first.',
  'no-passphrase': 'There is no passphrase to remove.',
  'protected-by-system':
    'The secret store of this computer already protects the data of Aside. A passphrase is not needed.',
  'link-scheme': 'Only links to web pages and mail addresses can be opened.',
  'link-not-opened': 'This link could not be opened.',
  'no-notifications': 'This system does not show notifications.',
  'done-by-page': 'In a browser, the page does this itself.',
  'quit-in-terminal': 'Quit Aside in the terminal in which it was started.',
  'plaintext-remote': 'A server without TLS must run on this computer.',
} as const satisfies Record<FailureDetail, string>;

/** Why there is no connection. */
export const problems = {
  'unknown-host': 'There is no computer with that name.',
  refused: 'Nothing answers at that address. Is the server running, and is the port right?',
  unreachable: 'The server cannot be reached. Check the network.',
  'not-answering': 'The server did not answer in time.',
  'not-aside': 'The program at that address is not an Aside server, or has another version.',
  'not-encrypted': 'The server does not use TLS. If it was started with --plaintext, use --plaintext here as well.',
  lost: 'The connection was lost.',
  silent: 'The server stopped sending.',
  stalled: 'The server stopped receiving.',
  'protocol-error': 'The server sent something that this program does not understand.',
  storage: 'Received messages cannot be saved on this computer. Check that the disk is not full.',
  rejected: 'The server rejected the connection.',
  'server-stopping': 'The server is stopping or restarting.',
  'too-slow': 'The server closed the connection because it was too slow.',
  protocol: 'The server did not understand this program and closed the connection.',
} as const satisfies Record<ProblemKind, string>;

/** Why the user is signed out. */
export const signedOut = {
  'by-you': 'You signed out.',
  'timed-out': 'You were signed out because you were inactive.',
  replaced: 'You were signed out because this account signed in elsewhere.',
  locked: failures.locked,
  'account-deleted': 'The account was deleted.',
  'token-invalid': failures['token-invalid'],
  'already-online': failures['already-online'],
} as const satisfies Record<SignedOutReason, string>;

/** Why a private session, or a request for one, is over. */
export const privateEndings = {
  declined: (name: string) => `${name} declined to talk aside.`,
  cancelled: () => 'The request to talk aside was cancelled.',
  expired: () => 'The request to talk aside was not answered in time.',
  ended: (name: string) => `The private session with ${name} has ended.`,
  'peer-left': (name: string) => `${name} has left; the private session is over.`,
  'signed-out': (name: string) => `You signed out, so the private session with ${name} is over.`,
  blocked: (name: string) => `The private session with ${name} is over because one of you blocked the other.`,
  lost: (name: string) => `The connection to ${name} was lost and could not be restored.`,
  'no-path': (name: string) => `No connection to ${name} was possible, neither directly nor through the server.`,
  'identity-changed': (name: string) =>
    `${name} has another device identity than before. Compare the safety number and accept the identity, then ask again.`,
  introduction: (name: string) => `The introduction of ${name} could not be trusted.`,
  impostor: (name: string) =>
    `WARNING: another device than that of ${name} answered. Nothing was sent. Someone may be intercepting the connection: try another network.`,
  protocol: (name: string) => `The program of ${name} sent something that this program does not understand.`,
  'too-fast': (name: string) => `The program of ${name} sent far too much, so the private session was ended.`,
  crossed: () => 'You both asked at the same time; your other request continues.',
  refused: () => 'The request to talk aside was refused.',
  failed: () => 'The private session could not be prepared on this computer.',
} as const satisfies Record<PrivateEndingReason, (name: string) => string>;

/** Faults of an introduction, or of this computer (`storage`). */
export const privateFaults = {
  malformed: 'The introduction cannot be read. Either the server changed it, or the other program has another version.',
  signature: 'The introduction is forged: its signature is wrong. Someone, perhaps the server, is interfering.',
  session: 'The introduction belongs to another session. Someone, perhaps the server, is interfering.',
  names: 'The introduction names other users than the server does. Someone, perhaps the server, is interfering.',
  role: 'The introduction is used for another purpose than it was made for. Someone is interfering.',
  identity: 'The introduction comes from another device than this session began with. Someone is interfering.',
  expired: 'The introduction came too late. If the clocks of both computers are right, someone delayed it.',
  'not-yet': 'The introduction is dated in the future. Check the clocks of both computers.',
  replayed: 'The introduction was used before. Someone, perhaps the server, is repeating it.',
  storage: 'The private conversation could not be saved on this computer, so it is no longer kept.',
} as const satisfies Record<IntroductionFault | 'storage', string>;
