import { useState } from 'react';
import type { Failure } from '../../../shared/client-api/failure.ts';
import type { FormMode } from '../../store/last-place.ts';
import type { Strings } from '../../../shared/text/en.ts';
import { useActions, useFailureText, useAppState, useStrings } from '../../ui/app-context.tsx';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';

export interface Entry {
  readonly username: string;
  readonly password: string;
  readonly again: string;
  readonly invite: string;
}

export type FieldName = keyof Entry;
export type Errors = Partial<Record<FieldName | 'form', string>>;

/** Characters of a password, and of a username (B1). */
const PASSWORD_MIN = 8;
const USERNAME_MAX = 32;

/** Checks a new password before the client sends it. */
export function checkNewPassword(
  password: string,
  again: string,
  strings: Strings,
): Pick<Errors, 'password' | 'again'> {
  const errors: Pick<Errors, 'password' | 'again'> = {};
  if (password === '') errors.password = strings.start.passwordMissing;
  else if (Array.from(password).length < PASSWORD_MIN) errors.password = strings.start.passwordShort;
  if (again !== password) errors.again = strings.start.passwordDiffers;
  return errors;
}

/** Finds all faults at once, so that no fault appears only after another one was mended. */
function checkEntry(entry: Entry, mode: FormMode, needsInvite: boolean, strings: Strings): Errors {
  const { password, again } = entry;
  const errors: Errors = {};
  const username = checkUsername(entry.username.trim(), strings);
  if (username !== undefined) errors.username = username;
  if (mode === 'register') {
    if (needsInvite && entry.invite.trim() === '') errors.invite = strings.start.inviteMissing;
    return { ...errors, ...checkNewPassword(password, again, strings) };
  }
  if (password === '') errors.password = strings.start.passwordMissing;
  return errors;
}

/** The rules that need no server; the server checks the rest. */
function checkUsername(name: string, strings: Strings): string | undefined {
  if (name === '') return strings.start.usernameMissing;
  if (/[\s\p{Cc}]/u.test(name)) return strings.start.usernameSpace;
  return Array.from(name).length > USERNAME_MAX ? strings.start.usernameLong : undefined;
}

/** The field that a refusal belongs to. */
function fieldOf({ reason }: Failure): FieldName | 'form' {
  switch (reason) {
    case 'wrong-credentials':
    case 'password-weak':
      return 'password';
    case 'username-taken':
    case 'username-invalid':
      return 'username';
    case 'invite-invalid':
      return 'invite';
    default:
      return 'form';
  }
}

export interface SignIn {
  readonly entry: Entry;
  readonly errors: Errors;
  readonly busy: boolean;
  /** End of the lock of the entered account, milliseconds since 1970 UTC. */
  readonly lockedUntil: number | undefined;
  readonly elsewhere: boolean;
  edit(field: FieldName, text: string): void;
  clearErrors(): void;
  submit(mode: FormMode, options?: { takeOver?: boolean; needsInvite?: boolean }): Promise<boolean>;
}

/**
 * The state of the sign-in form: its entry, its errors and the server's refusals (B1-B3).
 * @param username the username at first
 */
export function useSignIn(username: string): SignIn {
  const actions = useActions();
  const failureText = useFailureText();
  const strings = useStrings();
  const unprotected = useAppState(({ hostState }) => hostState.lock === 'none');
  const [entry, setEntry] = useState<Entry>({ username, password: '', again: '', invite: '' });
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const [locks, setLocks] = useState<ReadonlyMap<string, number>>(new Map());
  const [elsewhere, setElsewhere] = useState(false);

  const refused = (account: string, failure: Failure) => {
    setElsewhere(failure.reason === 'already-online');
    if (failure.reason === 'already-online') return;
    // The wrong password that locks the account starts the clock as well (B2).
    if (failure.reason === 'locked' || failure.attemptsLeft === 0) {
      const until = Date.now() + (failure.retryAfterMs ?? 0);
      setLocks((before) => new Map(before).set(foldUsername(account), until));
    }
    if (failure.reason === 'locked') return;
    setErrors({ [fieldOf(failure)]: sentence(failure, strings, failureText(failure)) });
    // Clear the password only if it was wrong, not after another failure.
    if (failure.reason === 'wrong-credentials') setEntry((before) => ({ ...before, password: '' }));
  };

  return {
    entry,
    errors,
    busy,
    lockedUntil: locks.get(foldUsername(entry.username.trim())),
    elsewhere,
    edit: (field, text) => {
      setEntry((before) => ({ ...before, [field]: text }));
      setErrors(({ [field]: _mended, form: _form, ...others }) => others);
      if (field === 'username') setElsewhere(false);
    },
    clearErrors: () => setErrors({}),
    submit: async (mode, { takeOver = false, needsInvite = false } = {}) => {
      const wrong = checkEntry(entry, mode, needsInvite, strings);
      setErrors(wrong);
      if (Object.keys(wrong).length > 0) return false;
      setBusy(true);
      const { password } = entry;
      const invite = entry.invite.trim();
      // A space around the name would cost an attempt and make a profile of its own.
      const name = entry.username.trim();
      const outcome =
        mode === 'register'
          ? await actions.client.run('session.register', {
              username: name,
              password,
              ...(invite === '' ? {} : { invite }),
            })
          : await actions.client.run('session.signIn', {
              username: name,
              password,
              ...(takeOver ? { takeOver } : {}),
            });
      setBusy(false);
      if (!outcome.ok) refused(name, outcome.failure);
      // Offered once, as a toast; the settings offer the passphrase at any time (G8).
      else if (mode === 'register' && unprotected) actions.toasts.show(strings.lock.offer);
      return outcome.ok;
    },
  };
}

function sentence({ reason, attemptsLeft }: Failure, strings: Strings, known: string): string {
  if (reason === 'wrong-credentials' && attemptsLeft !== undefined && attemptsLeft > 0) {
    return `${known} ${strings.start.attemptsLeft(attemptsLeft)}`;
  }
  return known;
}
