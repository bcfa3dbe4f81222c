import { describe, expect, it } from 'vitest';

import { SolventError } from '../../../src/protocol/index.js';
import * as rows from '../../../src/protocol/index.js';
import { contextOf, inclusionOf, makeRun, provenOf } from './honest-run.js';
import { verifyListedRows, verifyProvenRows } from './verify-inclusion.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type File = ReturnType<typeof inclusionOf>;

const RUN = makeRun();
const OTHER_POINT = rows.encodeBase64url(rows.encodePoint(rows.hashToPoint('other')));

/** The code that a file is refused with, or 'accepted'. Any other error is thrown on. */
function codeOf(file: File, userId: string): string {
  try {
    const read = rows.parseInclusion(rows.encodeInclusion(file));
    verifyProvenRows(verifyListedRows(read, contextOf(RUN, userId)), provenOf(RUN));
    return 'accepted';
  } catch (error) {
    if (error instanceof SolventError) return String(error.code);
    throw error;
  }
}

function flip(text: string, at: number): string {
  const bytes = rows.parseBase64url(text, 32);
  bytes[at]! ^= at === 0 ? 0x80 : 1;
  return rows.encodeBase64url(bytes);
}

function* changeText(text: string): Generator<Json> {
  yield* [null, '', `${text}0`, '0'];
  if (/^[0-9]+$/.test(text)) yield* [(BigInt(text) + 1n).toString(), `0${text}`, `-${text}`];
  // The last bit of a hash or of x, and the sign of y.
  if (text.length === 43) yield* [flip(text, 31), flip(text, 0), OTHER_POINT];
}

function* changeList(list: readonly Json[]): Generator<Json> {
  yield* [{}, list.slice(0, -1), list.slice(1), [...list, ...list.slice(-1)], list.toReversed()];
  for (const [index, inner] of list.entries()) {
    for (const changed of changeOnce(inner)) yield list.with(index, changed);
  }
}

/** Every value that differs from this one in one place: a leaf, an entry, a key. */
function* changeOnce(value: Json): Generator<Json> {
  if (typeof value === 'number') yield* [value + 1, value - 1, String(value), null];
  else if (typeof value === 'string') yield* changeText(value);
  else if (Array.isArray(value)) yield* changeList(value);
  else if (value === null || typeof value === 'boolean') yield* ['x', 0, {}];
  else {
    yield { ...value, extra: 1 };
    for (const [key, inner] of Object.entries(value)) {
      // A file without the field of its statement cannot be written: its size is counted without it.
      if (key !== 'statement') yield Object.fromEntries(Object.entries(value).filter(([it]) => it !== key));
      for (const changed of changeOnce(inner)) yield { ...value, [key]: changed };
    }
  }
}

describe('a user’s own checks', () => {
  it.each([
    ['bob', 'in a spot row'],
    ['dave', 'in a margin row of several words'],
  ])('refuse every file of %s, %s, that differs in one place', (userId) => {
    const honest = inclusionOf(RUN, userId);
    const text = new TextDecoder().decode(rows.encodeInclusion(honest));
    let changes = 0;
    for (const changed of changeOnce(honest)) {
      const file = changed as unknown as File;
      if (new TextDecoder().decode(rows.encodeInclusion(file)) === text) continue;
      changes += 1;
      expect(codeOf(file, userId)).not.toBe('accepted');
    }
    expect(codeOf(honest, userId)).toBe('accepted');
    expect(changes).toBeGreaterThan(140);
  });

  it('are made in their order: of several faults the first check’s is told', () => {
    const faults: [string, (file: File) => void][] = [
      ['inclusion-of-other-snapshot', (file) => (file.manifestHash = 'ef'.repeat(32))],
      ['part-missing', (file) => (file.partCount += 1)],
      ['part-repeated', (file) => (file.parts[2]!.row = file.parts[1]!.row)],
      ['group-size', (file) => file.batches[0]!.groupHashes.pop()],
      ['slot-form', (file) => file.parts[1]!.slots.reverse()],
      ['point-form', (file) => (file.groups[0]!.maskPoint = 'A'.repeat(43))],
      ['opening', (file) => (file.parts[0]!.blind = '5')],
      ['id-commitment', (file) => (file.parts[0]!.nonce = '5')],
      ['group-hash', (file) => (file.groups[0]!.entries[0]!.id = flip(file.groups[0]!.entries[0]!.id, 31))],
      ['list-hash', (file) => (file.batches[0]!.groupHashes[0] = flip(file.batches[0]!.groupHashes[0]!, 31))],
      ['group-opening', (file) => (file.groups[0]!.blindOpening = '5')],
    ];
    const told = faults.map((_, first) => {
      const file = structuredClone(inclusionOf(RUN, 'alice'));
      for (const [, change] of faults.slice(first)) change(file);
      return codeOf(file, 'alice');
    });
    expect(told).toEqual(faults.map(([code]) => code));
  });
});
