import { deriveCircuitTag } from '../../src/protocol/index.js';
import { platform, sealed, publishLie, asAttack, type BundleCase } from './case.js';
import { debt, equity, makeRow, ownerOf, spot } from './exchange.js';
import { MARGIN_3, SPOT_1 } from './platform.js';
import { reseal, type Published } from './world.js';

type Edit = (manifest: Published['manifest']) => void;

/** Values of a manifest that contradict each other or their ranges; the platform seals, proves and signs each. */
const malformed: readonly (readonly [string, Edit])[] = [
  ['an asset listed twice', ({ assets }) => (assets[1] = structuredClone(assets[0]!))],
  ['no asset', (manifest) => (manifest.assets = [])],
  ['an asset with an empty symbol', ({ assets }) => (assets[0]!.symbol = '')],
  ['more decimals than proof units have', ({ assets }) => (assets[0]!.decimals = 25)],
  ['a price after the snapshot', ({ assets }) => (assets[0]!.pricedAt = '2026-06-30T00:00:00.000001Z')],
  ['a price older than its greatest age', ({ assets }) => (assets[0]!.pricedAt = '2026-06-29T23:58:59.999Z')],
  ['a greatest age of no price’s instant', ({ assets }) => (assets[1]!.maxPriceAgeMs = 60_000)],
  ['a price’s instant without a greatest age', ({ assets }) => (assets[0]!.maxPriceAgeMs = null)],
  ['a greatest age of more than a year', ({ assets }) => (assets[0]!.maxPriceAgeMs = 31_622_400_001)],
  ['a greatest age of 0', ({ assets }) => (assets[0]!.maxPriceAgeMs = 0)],
  ['marks that may be older than a year', (manifest) => (manifest.maxMarkAgeMs = 31_622_400_001)],
  ['no least time between two snapshots', (manifest) => (manifest.leastDistanceMs = 0)],
  ['totals of fewer assets than listed', ({ totals }) => totals.pop()],
  [
    'totals of more assets than listed',
    ({ totals }) => totals.push({ asset: 'NEW', equity: '0', debt: '0' }),
  ],
  ['totals in another order than assets', ({ totals }) => totals.reverse()],
  ['the total of an asset under another symbol', ({ totals }) => (totals[0]!.asset = 'USDT')],
  ['a total of 2^108', ({ totals }) => (totals[0]!.equity = (1n << 108n).toString())],
  ['a debt of 2^108', ({ totals }) => (totals[1]!.debt = (1n << 108n).toString())],
  ['rounding of an asset that is not listed', ({ rounding }) => (rounding[0]!.asset = 'DOGE')],
  ['rounding of an asset twice', ({ rounding }) => rounding.push(rounding[0]!)],
  [
    'rounding in another order than assets',
    ({ rounding }) => rounding.push({ asset: 'BTC', equity: '1', debt: '1' }),
  ],
  ['rounding in fractions of proof units', ({ rounding }) => (rounding[0]!.equity = '0.5')],
  ['a write-off of an asset that is not listed', ({ writeOffs }) => (writeOffs.debts[0]!.asset = 'DOGE')],
  ['a write-off twice', ({ writeOffs }) => writeOffs.debts.push(writeOffs.debts[0]!)],
  ['a write-off of no account', ({ writeOffs }) => (writeOffs.accountsBelow = 1)],
  ['a number of accounts that is no power of two', ({ writeOffs }) => (writeOffs.accountsBelow = 3)],
  ['a break of no count', ({ reconciliation }) => (reconciliation!.acceptedBreaks[0]!.countBelow = 1)],
  [
    'a break whose sum has no sign',
    ({ reconciliation }) => (reconciliation!.acceptedBreaks[0]!.difference = '+1'),
  ],
  [
    'a break twice',
    ({ reconciliation }) => reconciliation!.acceptedBreaks.push(reconciliation!.acceptedBreaks[0]!),
  ],
  ['no circuit', (manifest) => (manifest.circuits = [])],
  ['a circuit twice', ({ circuits }) => circuits.push(structuredClone(circuits[0]!))],
  ['a circuit without proofs', ({ circuits }) => (circuits[3]!.proofCount = 0)],
  ['a negative number of proofs', ({ circuits }) => (circuits[3]!.proofCount = -1)],
  ['more proofs than totals stay below 2^108 for', ({ circuits }) => (circuits[0]!.proofCount = 2 ** 24 + 1)],
  [
    'a layout beyond the bounds of the protocol',
    ({ circuits }) => (circuits[0]!.parameters = { ...circuits[0]!.parameters, rows: 1 << 18 }),
  ],
  [
    'a layout of no rows',
    ({ circuits }) => (circuits[0]!.parameters = { ...circuits[0]!.parameters, rows: 0 }),
  ],
  [
    'margin rows without bits of net values',
    ({ circuits }) => (circuits[2]!.parameters = { ...circuits[2]!.parameters, netBits: 0 }),
  ],
  [
    'two numbers of index bits: a debt of one circuit is the equity of another',
    ({ circuits }) => {
      circuits[3]!.parameters = { ...circuits[3]!.parameters, indexBits: 2 };
      circuits[3]!.tag = deriveCircuitTag(circuits[3]!.parameters).toString();
    },
  ],
  ['index bits that are not those of the circuits', (manifest) => (manifest.indexBits = 4)],
  [
    'fewer index bits than the assets need',
    (manifest) => {
      manifest.indexBits = 2;
      for (const circuit of manifest.circuits) circuit.parameters = { ...circuit.parameters, indexBits: 2 };
    },
  ],
  ['two circuits of one tag', ({ circuits }) => (circuits[1]!.tag = circuits[0]!.tag)],
  ['a key without points of ic', ({ circuits }) => (circuits[0]!.verificationKey.ic = [])],
  [
    'more signers than contributions',
    ({ circuits }) => {
      circuits[0]!.provenance = {
        ...{ kind: 'ceremony', contributions: 1, signers: 2, beacon: 'b', transcriptHash: 'cd'.repeat(32) },
        powersOfTau: { source: 'untrusted', blake2b: 'ab'.repeat(64) },
      };
    },
  ],
];

const stated = malformed.map(([name, edit]) =>
  sealed(`manifest, signed: ${name}`, 'schema-violated', (manifest) => {
    edit(manifest);
  }),
);

const inconsistent: BundleCase[] = [
  sealed(
    'manifest, signed: an accepted break of an asset that is not listed',
    'asset-not-listed',
    ({ reconciliation }) => {
      reconciliation!.acceptedBreaks[0]!.asset = 'DOGE';
    },
  ),
  sealed('manifest, signed: a circuit under another name', 'circuit-set-malformed', ({ circuits }) => {
    circuits[0]!.name = 'spot-4';
  }),
  sealed(
    'manifest, signed: a tag that is not that of the layout',
    'circuit-set-malformed',
    ({ circuits }) => {
      circuits[0]!.tag = '7';
    },
  ),
  sealed('manifest, signed: more proofs than are read', 'too-many-proofs', ({ circuits }) => {
    circuits[0]!.proofCount = 2 ** 20;
  }),
  sealed('manifest, signed: one proof more than there are', 'line-count', ({ circuits }) => {
    circuits[3]!.proofCount += 1;
  }),
  sealed('manifest, signed: one proof fewer than there are', 'line-count', ({ circuits }) => {
    circuits[0]!.proofCount -= 1;
  }),
  sealed('manifest, signed: circuits in another order than their lines', 'line-count', ({ circuits }) => {
    circuits.reverse();
  }),
];

const prices: BundleCase[] = [
  sealed('price: a scale that is not the largest', 'scale-differs', (manifest) => {
    manifest.scale -= 1;
  }),
  sealed('price: a scale that is too large', 'scale-differs', (manifest) => {
    manifest.scale += 1;
  }),
  sealed('price: a scale of 0', 'scale-differs', (manifest) => {
    manifest.scale = 0;
  }),
  sealed('price: one so small that rounding would eat it', 'price-too-small', ({ assets }) => {
    assets[1]!.price = '0.000000000000001';
  }),
  sealed('price: one too large for any scale', 'price-too-large', ({ assets }) => {
    Object.assign(assets[2]!, { price: '9'.repeat(30), decimals: 0 });
  }),
  sealed('price: another number of decimals than was proven', 'scale-differs', ({ assets }) => {
    assets[2]!.decimals = 8;
  }),
  {
    name: 'price: a debt in an asset that is worth nothing',
    code: 'debt-without-price',
    attack: () =>
      asAttack(
        publishLie((planned) => {
          const rows = [...planned[3]!.rows];
          rows[3] = makeRow(MARGIN_3, ownerOf('leo'), [equity(1, 10n ** 9n), debt(4, 5n)]);
          planned[3] = { ...planned[3]!, rows };
        }),
      ),
  },
  {
    name: 'price: one of 0 put on an asset that is owed',
    code: 'debt-without-price',
    attack: (published) => {
      published.manifest.assets[1]!.price = '0';
      reseal(platform, published);
      return undefined;
    },
  },
  {
    name: 'price: the quote currency listed at a price other than 1',
    code: 'quote-price-not-one',
    attack: (published) => {
      published.manifest.quote = 'USDT';
      published.manifest.assets[1]!.price = '1.01';
      reseal(platform, published);
      return undefined;
    },
  },
  // Beyond the assets nothing exists: a row under an index that no asset has is in no total.
  {
    name: 'price: a holding of an index that is not listed',
    code: 'totals',
    attack: () =>
      asAttack(
        publishLie((planned) => {
          const rows = [...planned[0]!.rows];
          rows[4] = makeRow(SPOT_1, ownerOf('leo'), [spot(5, 9n)]);
          planned[0] = { ...planned[0]!, rows };
        }),
      ),
  },
];

export const MANIFEST_CASES: readonly BundleCase[] = [...stated, ...inconsistent, ...prices];
