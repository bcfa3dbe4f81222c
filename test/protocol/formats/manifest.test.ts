import { describe, expect, it } from 'vitest';

import { encodeCanonicalJson, encodeJsonLine } from '../../../src/protocol/index.js';
import * as rows from '../../../src/protocol/index.js';
import { makeRun, manifestBytes } from '../rows/honest-run.js';

const RUN = makeRun();
const refusal = (code: string) => expect.objectContaining({ code, errorClass: 'format' }) as Error;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place in a value that is no object or array, as a list of keys. */
function leavesOf(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A copy with one place changed. */
function changeAt(value: Json, [key, ...rest]: (string | number)[], change: (leaf: Json) => Json): Json {
  if (key === undefined) return change(value);
  const copy = structuredClone(value) as Record<string | number, Json>;
  // Not by assignment: `__proto__` is a key like any other in JSON.
  Object.defineProperty(copy, key, {
    ...{ value: changeAt(copy[key]!, rest, change), configurable: true },
    ...{ enumerable: true, writable: true },
  });
  return copy;
}

const otherThan = (leaf: Json): Json => {
  if (typeof leaf === 'number') return leaf + 1;
  return typeof leaf === 'string' ? `${leaf}1` : 'x';
};

const ROUNDING = { asset: 'BTC', equity: '1', debt: '0' };
const WRITTEN_OFF = { asset: 'BTC', debt: '1' };
const ACCEPTED_BREAK = RUN.manifest.reconciliation!.acceptedBreaks[0]!;

describe('a manifest', () => {
  it('comes back byte for byte', () => {
    const bytes = manifestBytes(RUN);
    expect(encodeJsonLine(rows.parseManifest(bytes))).toEqual(bytes);
    expect(rows.formatManifestHash(RUN.manifest)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, (string | number)[], Json]>([
    ['a price of the oldest age', ['assets', 0, 'pricedAt'], '2026-11-27T23:50:00Z'],
    ['a price of the instant itself', ['assets', 0, 'pricedAt'], '2026-11-28T00:00:00Z'],
    ['rounding and none of it in between', ['rounding'], [ROUNDING, { ...ROUNDING, asset: 'USD' }]],
    ['write-offs', ['writeOffs'], { accountsBelow: 2, debts: [WRITTEN_OFF] }],
    [
      'accepted breaks of one kind and two assets',
      ['reconciliation', 'acceptedBreaks'],
      [ACCEPTED_BREAK, { ...ACCEPTED_BREAK, asset: null }],
    ],
  ])('is read with %s', (_, path, value) => {
    const bytes = encodeJsonLine(changeAt(RUN.manifest, path, () => value));
    expect(encodeJsonLine(rows.parseManifest(bytes))).toEqual(bytes);
  });

  it('fixes gamma, x and rho with every one of its fields', () => {
    const manifest = RUN.manifest as unknown as Json;
    const points = RUN.points.map(rows.encodePoint);
    const seen = new Map<bigint, string>();
    for (const challenge of Object.values(RUN.challenges)) seen.set(challenge, 'the manifest itself');
    const leaves = leavesOf(manifest);
    expect(leaves.length).toBeGreaterThan(100);
    for (const path of leaves) {
      const changed = changeAt(manifest, path, otherThan);
      const h = rows.hashManifestJson(encodeCanonicalJson(changed));
      for (const challenge of Object.values(rows.deriveChallenges(h, points))) {
        expect(seen.get(challenge)).toBeUndefined();
        seen.set(challenge, path.join('.'));
      }
    }
  });

  it('is hashed into the content of its run without the hash of the commitments, and with all else', () => {
    const { commitmentsHash, ...content } = RUN.manifest;
    expect(commitmentsHash).toMatch(/^[0-9a-f]{64}$/);
    expect(rows.encodeManifestContent(RUN.manifest)).toEqual(encodeCanonicalJson(content));
  });

  it.each<[string, (string | number)[], Json]>([['another format', ['format'], 'solvent/manifest/v1']])(
    'is refused with %s by name',
    (_, path, value) => {
      const changed = changeAt(RUN.manifest, path, () => value);
      expect(() => rows.parseManifest(encodeJsonLine(changed))).toThrow(refusal('format-unknown'));
    },
  );

  it.each<[string, (string | number)[], Json]>([
    ['an unknown field', ['extra'], 1],
    ['the top of a tree', ['top'], { digest: '1', root: '1', blind: '1' }],
    ['no circuit', ['circuits'], []],
    ['no batch of a circuit that it names', ['circuits', 0, 'proofCount'], 0],
    ['more than 2^24 batches', ['circuits', 0, 'proofCount'], 2 ** 24],
    ['a circuit of other index bits', ['circuits', 1, 'parameters', 'indexBits'], 5],
    ['other index bits than its circuits', ['indexBits'], 5],
    ['fewer index bits than its assets need', ['indexBits'], 1],
    ['two circuits of one name', ['circuits', 1, 'name'], 'spot-2'],
    ['two circuits of one tag', ['circuits', 1, 'tag'], RUN.manifest.circuits[0]!.tag],
    ['a field of the prototype', ['circuits', 0, '__proto__'], { name: 'spot-2' }],
    ['a layout without groups', ['circuits', 0, 'parameters', 'groupRows'], 0],
    ['net bits in a spot circuit', ['circuits', 0, 'parameters', 'netBits'], 126],
    ['a layout with a number of assets', ['circuits', 0, 'parameters', 'assets'], 3],
    [
      'a key of too many points',
      ['circuits', 0, 'verificationKey', 'ic'],
      new Array<Json>(1026).fill(['1', '2']),
    ],
    ['an asset twice', ['assets', 1, 'symbol'], 'BTC'],
    ['totals of other assets', ['totals', 1, 'asset'], 'BTC'],
    ['totals of too few assets', ['totals'], [{ asset: 'BTC', equity: '1', debt: '0' }]],
    ['a total of 2^108', ['totals', 0, 'equity'], String(1n << 108n)],
    ['a negative total', ['totals', 0, 'debt'], '-1'],
    ['a total with a leading zero', ['totals', 0, 'debt'], '01'],
    ['a price without an age', ['assets', 0, 'maxPriceAgeMs'], null],
    ['an age without a price’s instant', ['assets', 0, 'pricedAt'], null],
    ['a price older than its age permits', ['assets', 0, 'pricedAt'], '2026-11-27T23:49:59.999999999Z'],
    ['a price from after the instant', ['assets', 0, 'pricedAt'], '2026-11-28T00:00:00.000000001Z'],
    ['a maximum age of 0', ['assets', 0, 'maxPriceAgeMs'], 0],
    ['a maximum age of a mark that is no integer', ['maxMarkAgeMs'], 0.5],
    ['a least distance of 0', ['leastDistanceMs'], 0],
    ['a least distance that is a text', ['leastDistanceMs'], '1000'],
    ['a fraction of a unit as rounding', ['rounding'], [{ asset: 'BTC', equity: '0.5', debt: '0' }]],
    ['rounding of an asset twice', ['rounding'], [ROUNDING, ROUNDING]],
    ['rounding of an asset that is not listed', ['rounding'], [{ ...ROUNDING, asset: 'DOGE' }]],
    ['rounding in another order', ['rounding'], [{ ...ROUNDING, asset: 'ETH' }, ROUNDING]],
    ['write-offs of an asset twice', ['writeOffs'], { accountsBelow: 4, debts: [WRITTEN_OFF, WRITTEN_OFF] }],
    [
      'write-offs of an asset that is not listed',
      ['writeOffs'],
      { accountsBelow: 4, debts: [{ ...WRITTEN_OFF, asset: 'DOGE' }] },
    ],
    ['write-offs of no account', ['writeOffs'], { accountsBelow: 1, debts: [WRITTEN_OFF] }],
    [
      'accepted breaks of one kind and asset twice',
      ['reconciliation', 'acceptedBreaks'],
      [ACCEPTED_BREAK, { ...ACCEPTED_BREAK, difference: '0.5' }],
    ],
    ['a plain count of write-offs', ['writeOffs', 'accountsBelow'], 3],
    ['a plain count of what was compared', ['reconciliation', 'compared', 'balances'], 100],
    ['no accepted break in a line of some', ['reconciliation', 'acceptedBreaks', 0, 'countBelow'], 1],
    ['a hash of commitments that is none', ['commitmentsHash'], 'ab'],
    ['a platform with outer white space', ['platform'], ' Example'],
  ])('is refused with %s', (_, path, value) => {
    const changed = changeAt(RUN.manifest, path, () => value);
    expect(() => rows.parseManifest(encodeJsonLine(changed))).toThrow(refusal('schema-violated'));
  });

  it('is refused in any other spelling', () => {
    const text = new TextDecoder().decode(manifestBytes(RUN));
    for (const other of [` ${text}`, text.replace(':', ': '), text.slice(0, -1)]) {
      expect(() => rows.parseManifest(new TextEncoder().encode(other))).toThrow(
        refusal('json-not-canonical'),
      );
    }
  });
});

describe('counts', () => {
  it('are stated by the power of two just above them', () => {
    expect([0, 1, 2, 3, 4, 1023, 1024].map(rows.boundCount)).toEqual([1, 2, 4, 4, 8, 1024, 2048]);
    for (const count of [-1, 0.5, 2 ** 48]) expect(() => rows.boundCount(count)).toThrow(RangeError);
    const stated = { ...RUN.manifest, writeOffs: { accountsBelow: 2 ** 48, debts: [] } };
    expect(rows.parseManifest(encodeJsonLine(stated)).writeOffs.accountsBelow).toBe(2 ** 48);
    const near = { ...RUN.manifest, writeOffs: { accountsBelow: 2 ** 48 - 1, debts: [] } };
    expect(() => rows.parseManifest(encodeJsonLine(near))).toThrow(refusal('schema-violated'));
  });
});
