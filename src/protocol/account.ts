import { hashLabelled, int248, utf8ToBytes } from './bytes.js';
import { SolventError, refuseProtocol } from './errors.js';
import type { FieldElement } from './field.js';
import { MAX_ID_BYTES } from './limits.js';

/** What an account holds and owes in one asset, in the asset's proof units; 0 <= each < 2^64, not both 0. */
export type Holding = {
  readonly assetIndex: number;
  readonly equityUnits: bigint;
  readonly debtUnits: bigint;
};

/** Whether two lists of holdings are the same, in the same order. */
export function areHoldingsEqual(a: readonly Holding[], b: readonly Holding[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ assetIndex, equityUnits, debtUnits }, position) => {
      const other = b[position]!;
      return (
        other.assetIndex === assetIndex && other.equityUnits === equityUnits && other.debtUnits === debtUnits
      );
    })
  );
}

/** One user's line of a snapshot; holdings are sorted by asset index, each index at most once. */
export type Account = {
  readonly userId: string;
  readonly holdings: readonly Holding[];
  /** Their itemised statement, canonical JSON without a line feed; absent where there is none. */
  readonly statement?: Uint8Array;
};

export type NameCode =
  | 'name-empty'
  | 'name-too-long'
  | 'name-not-normal'
  | 'name-has-control-character'
  | 'name-has-invisible-character';

const CONTROL_OR_LINE_BREAK = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
/**
 * What draws nothing, or a space that is none: all that Unicode lets a font leave out, formats, spaces but U+0020, the empty
 * Braille pattern, and the fillers that no property names. Two names that look alike must be one.
 */
const INVISIBLE = /[\u{16fe4}\u{1d159}\u2800\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zs}]/u;

/** Whether a text has a character that draws nothing or a space that is not U+0020. Control characters are not looked for. */
export function hasInvisibleCharacter(text: string): boolean {
  return INVISIBLE.test(text.replaceAll(' ', ''));
}

/**
 * Takes a user id or platform name exactly as it is.
 * @throws SolventError `name-empty`, `name-too-long` (over 256 bytes of UTF-8), `name-has-control-character`,
 * `name-has-invisible-character`, or `name-not-normal` (not in Unicode NFC, or with white space outside).
 */
export function parseName(text: string): string {
  const refuse = (code: NameCode, message: string) =>
    refuseProtocol(code, `expected an id of 1 to ${MAX_ID_BYTES} bytes, ${message}`);
  if (text.trim() === '') throw refuse('name-empty', 'got an empty one');
  if (CONTROL_OR_LINE_BREAK.test(text)) {
    throw refuse('name-has-control-character', 'got one with a control character');
  }
  if (hasInvisibleCharacter(text)) {
    throw refuse('name-has-invisible-character', 'got one with a character that cannot be seen');
  }
  if (text !== text.trim() || text !== text.normalize('NFC')) {
    throw refuse('name-not-normal', 'in Unicode NFC without outer white space, got another form');
  }
  const sizeBytes = utf8ToBytes(text).length;
  if (sizeBytes > MAX_ID_BYTES) throw refuse('name-too-long', `got ${sizeBytes}`);
  return text;
}

/**
 * Takes what a person typed: trims it, puts it in Unicode NFC, then reads it.
 * @throws SolventError as `parseName`.
 */
export function normalizeName(text: string): string {
  return parseName(text.normalize('NFC').trim());
}

/** Takes a user id as a person typed it, trimmed and in NFC. @throws SolventError `user-id-malformed`. */
export function parseUserId(typed: string): string {
  return parseTyped('user-id-malformed', 'user id', () => normalizeName(typed));
}

/** Takes the name of a platform as a person typed it, trimmed and in NFC. @throws SolventError `platform-malformed`. */
export function parsePlatform(typed: string): string {
  return parseTyped('platform-malformed', 'platform name', () => normalizeName(typed));
}

/** Runs `parse` on what a person typed: what it refuses is their mistake, and no fault of a file. */
export function parseTyped<T>(
  code: 'user-id-malformed' | 'platform-malformed' | 'taken-at-malformed',
  what: string,
  parse: () => T,
): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw refuseProtocol(code, `${what}: ${error.message}`, { cause: error });
  }
}

/** idHash = int248(SHA-256("solvent/id/v1" ‖ 0 ‖ platform ‖ 0 ‖ userId)), both as `parseName` takes them. */
export function deriveIdHash(platform: string, userId: string): FieldElement {
  return int248(hashLabelled('solvent/id/v1', utf8ToBytes(platform), utf8ToBytes(userId)));
}
