import {
  authenticateLabelled,
  concatBytes,
  utf8ToBytes,
  type RunSecret,
  deriveCircuitTag,
  encodeUint,
  type RowLayout,
} from '../../protocol/index.js';

/** What stands together in a circuit: all rows of one account, or one dummy. */
export type ShuffleUnit<T> = { readonly key: Uint8Array; readonly rows: readonly T[] };

/**
 * The 32 bytes that an account's rows of a circuit are sorted by. They hang on the circuit: with one key for all, rows of
 * two circuits that belong together would stand in one order.
 */
export function deriveRowShuffleKey(secret: RunSecret, layout: RowLayout, userId: string): Uint8Array {
  return authenticateLabelled(
    secret,
    'solvent/row-shuffle/v2',
    concatBytes(encodeUint(deriveCircuitTag(layout), 32), utf8ToBytes(userId)),
  );
}

/** The 32 bytes that the dummy of a number is sorted by. */
export function deriveDummyShuffleKey(secret: RunSecret, layout: RowLayout, index: number): Uint8Array {
  return authenticateLabelled(
    secret,
    'solvent/dummy-row-shuffle/v2',
    concatBytes(encodeUint(deriveCircuitTag(layout), 32), encodeUint(index, 4)),
  );
}

/** The rows of all units in the order of their keys, those of one unit side by side. */
export function sortUnits<T>(units: readonly ShuffleUnit<T>[]): T[] {
  return [...units].sort((a, b) => Buffer.compare(a.key, b.key)).flatMap(({ rows }) => rows);
}
