import { ProfileError } from '../node/profile-error.ts';
import type { Failure } from '../shared/client-api/failure.ts';
import { terminalText } from '../shared/text/terminal.ts';
import { plaintextAdvice } from './advice.ts';
import { errorEvent } from './command-runner.ts';
import type { OutputEvent } from './output-event.ts';
import { type TerminalOptions, usernameMistake } from './options.ts';
import { renderText } from './render-text.ts';
import { askPassword } from './password-prompt.ts';
import type { TerminalScreen } from './terminal-screen.ts';
import { type FinalState, TerminalSession } from './terminal-session.ts';
import { unlock, type UnlockedFolder } from './unlock.ts';

type Report = (output: OutputEvent) => void;

const { prompts } = terminalText;

/** The next attempt; `undefined`: the user leaves. */
type Attempt =
  | {
      readonly user: string;
      readonly register: boolean;
      readonly takeOver: boolean;
      /** If it is known already. */
      readonly password?: string | undefined;
    }
  | undefined;

/**
 * Signs the user in at a terminal: asks for username and password until they are right, offers to register or to take
 * over. With a stored token, the password is not needed.
 * @returns the session, online or reconnecting; undefined if the user leaves or no attempt can succeed
 */
export async function promptSignIn(
  screen: TerminalScreen,
  options: TerminalOptions,
  report: Report,
): Promise<TerminalSession | undefined> {
  const unlocked = await unlock(screen, options);
  if (unlocked === undefined) return undefined;
  const { register, takeOver } = options;
  let user = options.user;
  if (user === undefined) {
    screen.print(register ? prompts.register : prompts.signIn);
    user = await askUsername(screen);
  }
  const asFirst = { register, takeOver, password: options.password };
  let attempt = user === undefined ? undefined : await askIfNew(screen, options, unlocked, { user, ...asFirst });
  let first = true;
  while (attempt !== undefined) {
    const { user: username, register: isNew } = attempt;
    // Before the profile exists: a user who leaves here is still new at the next start.
    const newPassword = isNew ? (attempt.password ?? (await askPassword(screen, true))) : undefined;
    if (isNew && newPassword === undefined) return undefined;
    const session = await openSession(screen, () => TerminalSession.open(options, username, unlocked, report));
    if (session === undefined) return undefined;
    if (first && !isNew && options.password === undefined && (await resumed(session))) return session;
    const password: string | undefined = newPassword ?? attempt.password ?? (await askPassword(screen, false));
    first = false;
    if (password === undefined) {
      session.close();
      return undefined;
    }
    const next = await trySignIn(screen, session, attempt, password);
    if (next === 'signed-in') return session;
    session.close();
    const isSameUser = next === undefined || next.user === username;
    attempt = isSameUser ? next : await askIfNew(screen, options, unlocked, next);
  }
  return undefined;
}

/**
 * Asks a user without a profile on this computer whether the account is new: the server does not reveal which usernames exist,
 * and a sign-in with an unknown one would cost an attempt.
 */
async function askIfNew(
  screen: TerminalScreen,
  options: TerminalOptions,
  unlocked: UnlockedFolder,
  attempt: NonNullable<Attempt>,
): Promise<Attempt> {
  if (attempt.register || attempt.password !== undefined) return attempt;
  // A damaged file is reported when the profile is opened.
  if (await TerminalSession.hasProfile(options, attempt.user, unlocked).catch(() => true)) return attempt;
  screen.print(prompts.notHere(attempt.user));
  for (;;) {
    const asked = await screen.ask(prompts.create);
    if (asked.kind !== 'line') return undefined;
    const answer = asked.text.trim().toLowerCase();
    if (answer === 'yes' || answer === 'y') return { ...attempt, register: true };
    if (answer === 'no' || answer === 'n') return attempt;
    screen.print(prompts.yesOrNo);
  }
}

/** Asks for the password again in a session whose token is no longer valid. @returns whether the sign-in succeeded */
export async function promptPasswordAgain(screen: TerminalScreen, session: TerminalSession): Promise<boolean> {
  for (;;) {
    const password = await askPassword(screen, false);
    if (password === undefined) return false;
    const outcome = await session.signIn({ password, register: false, takeOver: false });
    if (outcome.ok) return true;
    explain(screen, outcome.failure, session.options);
    if (outcome.failure.reason !== 'wrong-credentials') return false;
  }
}

async function openSession(
  screen: TerminalScreen,
  open: () => Promise<TerminalSession>,
): Promise<TerminalSession | undefined> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    screen.print(error.message);
    return undefined;
  }
}

/** Tries the stored token. @returns whether the session continues with it, perhaps offline for now */
async function resumed(session: TerminalSession): Promise<boolean> {
  const outcome = await session.client.run('session.resume', {});
  if (!outcome.ok) return false;
  return await new Promise<boolean>((resolve) => {
    const unsubscribe = session.client.subscribe((event) => {
      if (event.name !== 'connection.changed') return;
      const { state } = event.params.connection;
      if (state === 'connecting' || state === 'signing-in') return;
      unsubscribe();
      resolve(state === 'online' || state === 'waiting-to-reconnect');
    });
  });
}

/** @returns the next attempt after a refusal, or that the user is signed in */
async function trySignIn(
  screen: TerminalScreen,
  session: TerminalSession,
  last: NonNullable<Attempt>,
  password: string,
): Promise<Attempt | 'signed-in'> {
  const outcome = await session.signIn({ ...last, password });
  if (outcome.ok) return 'signed-in';
  const { failure } = outcome;
  explain(screen, failure, session.options);
  switch (failure.reason) {
    case 'wrong-credentials':
      return await offerToRegister(screen, last);
    case 'already-online':
      return (await agrees(screen, prompts.takeOver)) ? { ...last, password, takeOver: true } : undefined;
    case 'username-taken':
    case 'username-invalid': {
      const user = await askUsername(screen);
      return user === undefined ? undefined : { ...last, user, password };
    }
    case 'password-weak':
      return { ...last, password: undefined };
    default:
      return undefined;
  }
}

/** The server answers an unknown username like a wrong password, so the client offers another attempt and a new account. */
async function offerToRegister(screen: TerminalScreen, last: NonNullable<Attempt>): Promise<Attempt> {
  screen.print(prompts.isNew(last.user));
  for (;;) {
    const asked = await screen.ask(prompts.choice);
    switch (asked.kind === 'line' ? asked.text.trim().toLowerCase() : '') {
      case '':
        return undefined;
      case 'again':
      case 'a':
        return { ...last, password: undefined, register: false };
      case 'new':
      case 'n':
        return { ...last, password: undefined, register: true };
      case 'name': {
        const user = await askUsername(screen);
        return user === undefined ? undefined : { user, register: false, takeOver: false };
      }
      default:
        screen.print(prompts.badChoice);
    }
  }
}

async function agrees(screen: TerminalScreen, question: string): Promise<boolean> {
  const asked = await screen.ask(question);
  return asked.kind === 'line' && /^y(es)?$/i.test(asked.text.trim());
}

async function askUsername(screen: TerminalScreen): Promise<string | undefined> {
  for (;;) {
    const asked = await screen.ask(prompts.username);
    if (asked.kind !== 'line') return undefined;
    const name = asked.text.trim();
    const mistake = usernameMistake(name);
    if (mistake === undefined) return name;
    screen.print(prompts.tryAgain(mistake));
  }
}

function explain(screen: TerminalScreen, failure: Failure, options: TerminalOptions): void {
  // The event of the connection state has printed this already, with advice.
  if (failure.reason === 'certificate-changed' || failure.reason === 'certificate-unreadable') return;
  const text = renderText(errorEvent(failure));
  const advice = failure.reason === 'cannot-connect' ? plaintextAdvice(options) : '';
  if (text !== undefined) screen.print(`${text}${advice}`);
}

/** Whether the user can sign in again after the end of a session. */
export function canSignInAgain(ended: FinalState): boolean {
  return ended.state === 'signed-out' && ended.reason === 'token-invalid';
}
