import { ProfileError } from '../node/profile-error.ts';
import type { Failure } from '../shared/client-api/failure.ts';
import { plaintextAdvice } from './advice.ts';
import type { OutputEvent } from './output-event.ts';
import { type TerminalOptions, usernameMistake } from './options.ts';
import { renderText } from './render-text.ts';
import { errorEvent } from './run-action.ts';
import type { TerminalScreen } from './terminal-screen.ts';
import { type FinalState, TerminalSession } from './terminal-session.ts';
import { unlock } from './unlock.ts';

type Report = (output: OutputEvent) => void;

/** What the person wants next; `undefined`: to leave. */
type Wish =
  | {
      readonly user: string;
      readonly register: boolean;
      readonly takeOver: boolean;
      /** Where it is known already. */
      readonly password?: string | undefined;
    }
  | undefined;

/**
 * Gets somebody in at a terminal: asks for name and password as often as it takes, offers to register or to take
 * over. The stored token of last time spares the password.
 * @returns the session, online or trying to come back; undefined when the person left or nothing can be done
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
    screen.print(
      register
        ? 'Choose a username and a password.'
        : 'Sign in. New here? Type the name you want; the account can be created next.',
    );
    user = await askUsername(screen);
  }
  let wish: Wish = user === undefined ? undefined : { user, register, takeOver, password: options.password };
  let first = true;
  while (wish !== undefined) {
    const who = wish.user;
    const session = openSession(screen, () => new TerminalSession(options, who, unlocked, report));
    if (session === undefined) return undefined;
    if (first && !register && options.password === undefined && (await resumed(session))) return session;
    const password: string | undefined = wish.password ?? (await askPassword(screen, wish.register));
    first = false;
    if (password === undefined) {
      session.close();
      return undefined;
    }
    const next = await attempt(screen, session, wish, password);
    if (next === 'in') return session;
    session.close();
    wish = next;
  }
  return undefined;
}

/** Asks for the password again in a session whose token is no longer valid. @returns whether that worked */
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

function openSession(screen: TerminalScreen, open: () => TerminalSession): TerminalSession | undefined {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    screen.print(error.message);
    return undefined;
  }
}

/** Tries the token of last time. @returns whether the session goes on with it, be it offline for now */
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

/** @returns what the person wants after a refusal, or that they are in */
async function attempt(
  screen: TerminalScreen,
  session: TerminalSession,
  wish: NonNullable<Wish>,
  password: string,
): Promise<Wish | 'in'> {
  const outcome = await session.signIn({ ...wish, password });
  if (outcome.ok) return 'in';
  const { failure } = outcome;
  explain(screen, failure, session.options);
  switch (failure.reason) {
    case 'wrong-credentials':
      return await offerToRegister(screen, wish);
    case 'already-online':
      return (await agrees(screen, 'Take over, and end the session there? (yes/no) '))
        ? { ...wish, password, takeOver: true }
        : undefined;
    case 'username-taken':
    case 'username-invalid': {
      const user = await askUsername(screen);
      return user === undefined ? undefined : { ...wish, user, password };
    }
    case 'password-weak':
      return { ...wish, password: undefined };
    default:
      return undefined;
  }
}

/** The server does not tell an unknown name from a wrong password, so neither can we: both ways are offered. */
async function offerToRegister(screen: TerminalScreen, wish: NonNullable<Wish>): Promise<Wish> {
  screen.print(
    `Is ${wish.user} new here? Type new to create the account, again to retry the password, name for another.`,
  );
  for (;;) {
    const asked = await screen.ask('again, new, name, or Enter to leave? ');
    switch (asked.kind === 'line' ? asked.text.trim().toLowerCase() : '') {
      case '':
        return undefined;
      case 'again':
      case 'a':
        return { ...wish, password: undefined, register: false };
      case 'new':
      case 'n':
        return { ...wish, password: undefined, register: true };
      case 'name': {
        const user = await askUsername(screen);
        return user === undefined ? undefined : { user, register: false, takeOver: false };
      }
      default:
        screen.print('Please type one of the words, or only Enter to leave.');
    }
  }
}

async function agrees(screen: TerminalScreen, question: string): Promise<boolean> {
  const asked = await screen.ask(question);
  return asked.kind === 'line' && /^y(es)?$/i.test(asked.text.trim());
}

async function askUsername(screen: TerminalScreen): Promise<string | undefined> {
  for (;;) {
    const asked = await screen.ask('Username: ');
    if (asked.kind !== 'line') return undefined;
    const mistake = usernameMistake(asked.text);
    if (mistake === undefined) return asked.text;
    screen.print(`Please try again: ${mistake}`);
  }
}

/** @param twice for a new one: nobody sees what they type */
async function askPassword(screen: TerminalScreen, twice: boolean): Promise<string | undefined> {
  for (;;) {
    const first = await screen.ask(twice ? 'New password: ' : 'Password: ', { hidden: true });
    if (first.kind !== 'line') return undefined;
    if (first.text === '') continue;
    if (!twice) return first.text;
    const second = await screen.ask('The same again: ', { hidden: true });
    if (second.kind !== 'line') return undefined;
    if (second.text === first.text) return first.text;
    screen.print('These were not the same.');
  }
}

/** Asks for what `password` needs. */
export async function askNewPassword(
  screen: TerminalScreen,
): Promise<{ password: string; newPassword: string } | undefined> {
  const password = await askPassword(screen, false);
  if (password === undefined) return undefined;
  const newPassword = await askPassword(screen, true);
  return newPassword === undefined ? undefined : { password, newPassword };
}

/** Asks for what `delete-account` needs. */
export async function askToDelete(
  screen: TerminalScreen,
  own: string,
): Promise<{ user: string; password: string } | undefined> {
  screen.print('This deletes your account and everything that the server holds of it. It cannot be undone.');
  const asked = await screen.ask(`Type your username (${own}) to delete it: `);
  if (asked.kind !== 'line' || asked.text.trim() !== own) {
    screen.print('Nothing was deleted.');
    return undefined;
  }
  const password = await askPassword(screen, false);
  return password === undefined ? undefined : { user: own, password };
}

function explain(screen: TerminalScreen, failure: Failure, options: TerminalOptions): void {
  // The state of the connection has told that already, with what to do.
  if (failure.reason === 'certificate-changed' || failure.reason === 'certificate-unreadable') return;
  const text = renderText(errorEvent(failure));
  const advice = failure.reason === 'cannot-connect' ? plaintextAdvice(options) : '';
  if (text !== undefined) screen.print(`${text}${advice}`);
}

/** Whether a session that ended may be entered again with the password. */
export function canSignInAgain(ended: FinalState): boolean {
  return ended.state === 'signed-out' && ended.reason === 'token-invalid';
}
