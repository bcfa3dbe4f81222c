import {
  assertDebtsPriced,
  derivePriceTable,
  encodeJsonLine,
  MANIFEST_FORMAT,
  padPrices,
  parseManifest,
  SolventError,
  type Manifest,
  type UnitPrice,
} from '../../protocol/index.js';
import type { AggregateNode } from '../aggregate/layers.js';
import type { CircuitSet } from '../circuits.js';
import type { ProverCode } from '../errors.js';
import type { ProvingCircuit, SealedSnapshot } from '../snapshot.js';

/** What a manifest says of a price whose source nobody gave. */
const NO_SOURCE = 'not stated';

/** The part of a manifest that follows from the snapshot alone. */
export type ManifestHead = Omit<Manifest, 'format' | 'profile' | 'circuits' | 'top'>;

/** The manifest's part about a snapshot, and nothing else that the snapshot may carry. */
export function describeSnapshot(snapshot: SealedSnapshot): ManifestHead {
  const { platform, takenAt, quote, scope, snapshotHash, previousManifestHash, scale } = snapshot;
  return {
    platform,
    takenAt,
    quote,
    scope: { included: scope.included, excluded: [...scope.excluded] },
    snapshotHash,
    previousManifestHash,
    scale,
    assets: snapshot.assets.map(({ symbol, decimals, price, collateralRatio, priceSource, pricedAt }) => ({
      symbol,
      decimals,
      price,
      collateralRatio,
      priceSource: priceSource ?? NO_SOURCE,
      pricedAt: pricedAt ?? null,
    })),
    totals: snapshot.totals.map(({ asset, equity, debt }) => ({ asset, equity, debt })),
    rounding: snapshot.rounding.map(({ asset, equity, debt }) => ({ asset, equity, debt })),
    writeOffs: {
      accounts: snapshot.writeOffs.accounts,
      debts: snapshot.writeOffs.debts.map(({ asset, debt }) => ({ asset, debt })),
    },
    reconciliation: snapshot.reconciliation ?? null,
  };
}

/** The part of a whole manifest that follows from its snapshot alone. */
export function headOf(manifest: Manifest): ManifestHead {
  const { platform, takenAt, quote, scope, snapshotHash, previousManifestHash, scale } = manifest;
  const { assets, totals, rounding, writeOffs, reconciliation } = manifest;
  return {
    ...{ platform, takenAt, quote, scope, snapshotHash, previousManifestHash, scale },
    ...{ assets, totals, rounding, writeOffs, reconciliation },
  };
}

/**
 * The prices that the snapshot's assets determine, over all A assets of the circuits.
 * @throws SolventError `too-many-assets`; `snapshot-mismatch` where scale or totals are not of these assets; those of
 * `derivePriceTable`.
 */
export function priceSnapshot(snapshot: SealedSnapshot, circuits: CircuitSet): readonly UnitPrice[] {
  const { assets } = circuits.aggregate.parameters;
  if (snapshot.assets.length > assets) {
    throw new SolventError<ProverCode>(
      'usage',
      'too-many-assets',
      `expected at most ${assets} assets, as the circuits of the profile hold, got ${snapshot.assets.length}: use a larger profile`,
      { details: { room: assets, assets: snapshot.assets.length } },
    );
  }
  const table = derivePriceTable(snapshot.assets);
  assertDebtsPriced(snapshot.assets, snapshot.totals);
  const isListed =
    snapshot.totals.length === snapshot.assets.length &&
    snapshot.totals.every(({ asset }, index) => asset === snapshot.assets[index]!.symbol);
  if (table.scale !== snapshot.scale || !isListed) {
    throw new SolventError<ProverCode>(
      'invariant',
      'snapshot-mismatch',
      'expected the scale and the totals of the assets of the snapshot, got others: make the snapshot again',
    );
  }
  return padPrices(table, assets);
}

/** What stands for the keys of a circuit before they are there. */
const NO_KEYS: Pick<CircuitKeys, 'fingerprint' | 'provenance' | 'verificationKey'> = {
  fingerprint: '0'.repeat(64),
  provenance: { kind: 'insecure-development' },
  verificationKey: {
    alpha: ['0', '0'],
    beta: [
      ['0', '0'],
      ['0', '0'],
    ],
    gamma: [
      ['0', '0'],
      ['0', '0'],
    ],
    delta: [
      ['0', '0'],
      ['0', '0'],
    ],
    ic: [
      ['0', '0'],
      ['0', '0'],
    ],
  },
};

/**
 * Holds what the snapshot states to what a manifest can say, before anything is proven.
 * @param present those of the circuits whose keys are there: they are held to it as well.
 * @throws SolventError of class `format` with the paths of the fields at fault.
 */
export function assertStatement(
  snapshot: SealedSnapshot,
  profile: string,
  { circuits, present }: { readonly circuits: CircuitSet; readonly present: readonly ProvingCircuit[] },
): void {
  const top = { digest: 0n, root: 0n, blind: 0n };
  const filled = circuits.all.map(
    ({ name, parameters, tag }): CircuitKeys =>
      present.find((circuit) => circuit.name === name) ?? {
        ...{ name, parameters, tag: tag.toString() },
        ...NO_KEYS,
      },
  );
  composeManifest(snapshot, profile, { circuits: filled, proofCounts: new Map(), top });
}

/**
 * The manifest of a run whose proofs are planned.
 * @param proofCounts proofs of each circuit by name; none for circuits that are not named.
 * @throws SolventError `snapshot-mismatch` where the top does not sum to the totals of the snapshot.
 */
export function buildManifest(
  snapshot: SealedSnapshot,
  profile: string,
  proven: Proven<AggregateNode>,
): Manifest {
  assertTotals(snapshot, proven.top);
  return composeManifest(snapshot, profile, proven);
}

/** What a manifest says of a circuit, but for the number of its proofs. */
type CircuitKeys = Omit<Manifest['circuits'][number], 'proofCount'>;

type Proven<Top> = {
  /** All of the profile, in its order. */
  readonly circuits: readonly CircuitKeys[];
  readonly proofCounts: ReadonlyMap<string, number>;
  readonly top: Top;
};

function composeManifest(
  snapshot: SealedSnapshot,
  profile: string,
  { circuits, proofCounts, top }: Proven<Readonly<Record<'digest' | 'root' | 'blind', bigint>>>,
): Manifest {
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    ...describeSnapshot(snapshot),
    profile,
    circuits: circuits.map(({ name, parameters, tag, fingerprint, provenance, verificationKey }) => ({
      name,
      parameters,
      tag,
      fingerprint,
      provenance,
      verificationKey,
      proofCount: proofCounts.get(name) ?? 0,
    })),
    top: { digest: top.digest.toString(), root: top.root.toString(), blind: top.blind.toString() },
  };
  // What is signed must be what every verifier can read.
  return parseManifest(encodeJsonLine(manifest));
}

function assertTotals({ totals }: SealedSnapshot, top: AggregateNode): void {
  const isEqual = (part: 'equity' | 'debt') =>
    top.totals[part].every((sum, asset) => sum === BigInt(totals[asset]?.[part] ?? 0));
  if (isEqual('equity') && isEqual('debt')) return;
  throw new SolventError<ProverCode>(
    'invariant',
    'snapshot-mismatch',
    'expected batches that add up to the totals of the snapshot, got others',
  );
}
