import {
  bytesToHex,
  deriveIdHash,
  derivePriceTable,
  encodeCanonicalJson,
  encodeJsonLine,
  type FieldElement,
} from '../../../src/protocol/index.js';
import * as rows from '../../../src/protocol/index.js';
import { computeBatchDigest } from '../../../src/prover/commit/commit-batch.js';
import { portableSponge } from '../../../src/prover/poseidon/poseidon.js';

export const PLATFORM = 'Example Exchange';
export const INDEX_BITS = 4;

export const ASSETS = [
  { symbol: 'BTC', decimals: 8, price: '65000', collateralRatio: '0.95' },
  { symbol: 'ETH', decimals: 8, price: '3500.5', collateralRatio: '0.9' },
  { symbol: 'USD', decimals: 6, price: '1', collateralRatio: '1' },
] as const;

export const PRICES = derivePriceTable(ASSETS).prices;
const SCALE = derivePriceTable(ASSETS).scale;
export const CODES = rows.listCodes(INDEX_BITS, PRICES);

const layout = (
  kind: 'spot' | 'margin',
  { rows: count, slots, groupRows }: { rows: number; slots: number; groupRows: number },
): rows.RowLayout => ({
  kind,
  indexBits: INDEX_BITS,
  rows: count,
  slots,
  netBits: kind === 'margin' ? 126 : 0,
  groupRows,
});

/** Five rows in groups of 2, 2 and 1. */
export const SPOT = layout('spot', { rows: 5, slots: 2, groupRows: 2 });
/** Four rows in groups of 3 and 1. */
export const MARGIN = layout('margin', { rows: 4, slots: 3, groupRows: 3 });
/** Two rows of three words. */
export const WIDE = layout('margin', { rows: 2, slots: 8, groupRows: 32 });

/** A part of a user's account, and the place of its row. */
export type PlacedRow = {
  readonly userId: string;
  readonly batch: number;
  readonly row: number;
  readonly slots: readonly rows.Slot[];
};

export const equity = (amountUnits: bigint, assetIndex: number): rows.SpotSlot => ({
  amountUnits,
  assetIndex,
});
export const marginEquity = (amountUnits: bigint, assetIndex: number): rows.MarginSlot => ({
  amountUnits,
  assetIndex,
  side: 0,
});
export const debt = (amountUnits: bigint, assetIndex: number): rows.MarginSlot => ({
  amountUnits,
  assetIndex,
  side: 1,
});

/** What a run is made of: the layout of each batch, in order, and the rows that accounts fill; all others are dummies. */
export type RunPlan = {
  readonly layouts: readonly rows.RowLayout[];
  readonly placed: readonly PlacedRow[];
  readonly secret: Uint8Array;
  readonly salt: Uint8Array;
  /** Changes the rows of a batch before they are committed to: for liars. */
  readonly bend?: (rows: rows.IdentifiedRow[], batch: number) => rows.IdentifiedRow[];
  readonly edit?: (
    manifest: Omit<rows.Manifest, 'commitmentsHash'>,
  ) => Omit<rows.Manifest, 'commitmentsHash'>;
};

export const HONEST_PLAN: RunPlan = {
  layouts: [SPOT, SPOT, MARGIN, MARGIN, WIDE],
  placed: [
    { userId: 'alice', batch: 2, row: 1, slots: [marginEquity(2_00000000n, 0), debt(90_000_000000n, 2)] },
    { userId: 'alice', batch: 0, row: 4, slots: [equity(7n, 1), equity(50_000000n, 2)] },
    { userId: 'alice', batch: 0, row: 3, slots: [equity(1n, 0)] },
    { userId: 'bob', batch: 1, row: 0, slots: [equity(12_00000000n, 0), equity(3_00000000n, 1)] },
    { userId: 'carol', batch: 3, row: 3, slots: [marginEquity(40_00000000n, 1), debt(1_00000000n, 0)] },
    { userId: 'dave', batch: 4, row: 1, slots: [marginEquity(5_000000n, 2), debt(1n, 1)] },
    { userId: 'erin', batch: 1, row: 2, slots: [] },
  ],
  secret: new Uint8Array(32).fill(7),
  salt: new Uint8Array(32).fill(9),
};

/** One batch with everything that a prover makes of it. */
export type RunBatch = {
  readonly layout: rows.RowLayout;
  readonly rows: readonly rows.IdentifiedRow[];
  readonly secrets: rows.BatchSecrets;
  readonly entries: readonly rows.RowEntry[];
  readonly maskPoints: readonly Uint8Array[];
  readonly groupHashes: readonly Uint8Array[];
  readonly list: FieldElement;
  readonly digest: FieldElement;
};

export type Run = ReturnType<typeof makeRun>;

/** Makes a run as the protocol says, but for the proofs: what they would show is computed. */
export function makeRun(plan: RunPlan = HONEST_PLAN) {
  const identified = identifyRows(plan).map((batchRows, batch) => plan.bend?.(batchRows, batch) ?? batchRows);
  const content = plan.edit?.(describeManifest(plan, identified)) ?? describeManifest(plan, identified);
  const runContent = rows.hashRunContent({
    salt: plan.salt,
    batchContents: plan.layouts.map((batchLayout, batch) =>
      rows.hashBatchContent(batchLayout, identified[batch]!),
    ),
    manifestJson: rows.encodeManifestContent(content),
  });
  const runSeed = rows.deriveRunSeed(plan.secret, runContent);
  const seeds = plan.layouts.map((_, batch) => rows.deriveBatchSeed(runSeed, batch));
  const totalMasks = rows.deriveTotalMasks(seeds);
  const batches = plan.layouts.map((batchLayout, batch) =>
    commitBatch(
      batchLayout,
      identified[batch]!,
      rows.deriveBatchSecrets(batchLayout, seeds[batch]!, totalMasks[batch]!),
    ),
  );
  return { plan, batches, runSeed, ...sealRun(content, batches, runSeed) };
}

/** What follows once batches are committed to: manifest, challenges, weighted totals and the values of the proofs. */
export function sealRun(
  content: Omit<rows.Manifest, 'commitmentsHash'>,
  batches: readonly RunBatch[],
  runSeed: Uint8Array,
) {
  const commitments = batches
    .map(({ layout: { kind, slots }, digest, list }) =>
      new TextDecoder().decode(
        encodeJsonLine({ circuit: `${kind}-${slots}`, digest: String(digest), list: String(list) }),
      ),
    )
    .join('');
  const manifest: rows.Manifest = {
    ...content,
    commitmentsHash: bytesToHex(rows.hashCommitments(new TextEncoder().encode(commitments))),
  };
  const manifestHash = rows.hashManifest(manifest);
  const gamma = rows.deriveRowChallenge(manifestHash);
  const margin = marginOf(batches);
  const weightBlinds = rows.deriveWeightBlinds(runSeed, manifestHash, CODES.length + 1);
  const points =
    margin.length === 0 ? [] : rows.commitWeights(margin, CODES, { gamma, blinds: weightBlinds });
  const challenges = rows.deriveChallenges(manifestHash, points.map(rows.encodePoint));
  return {
    content,
    commitments,
    manifest,
    manifestHash,
    weightBlinds,
    points,
    challenges,
    zW: rows.openWeightBlinds(weightBlinds, CODES, challenges.x),
    values: batches.map(({ layout: batchLayout, rows: batchRows, secrets }) =>
      rows.evaluateBatch(batchLayout, { rows: batchRows, masks: secrets.masks }, challenges),
    ),
  };
}

/** The margin batches of a run as the weighted totals need them. */
export function marginOf(
  batches: readonly Pick<RunBatch, 'layout' | 'rows' | 'secrets'>[],
): rows.MarginBatch[] {
  return batches
    .filter(({ layout: { kind } }) => kind === 'margin')
    .map((batch) => ({ layout: batch.layout, rows: batch.rows, coverMask: batch.secrets.masks.cover }));
}

/** The sums of all rows, as integers. */
export function sumRows(batchRows: readonly (readonly rows.Row[])[]): rows.ListedTotals {
  const sums = rows.sumSlots(batchRows.flat());
  const column = (side: 'equityUnits' | 'debtUnits') =>
    ASSETS.map((_, index) => sums.find(({ assetIndex }) => assetIndex === index)?.[side] ?? 0n);
  return { equity: column('equityUnits'), debt: column('debtUnits') };
}

/** Checks (T) and (C) of a run as a verifier does, but for the proofs. @throws SolventError `totals`, `cover`, `weights-form`. */
export function verifyEquations(
  run: Pick<Run, 'batches' | 'values' | 'points' | 'zW' | 'challenges' | 'manifest'>,
): void {
  const totals = {
    equity: run.manifest.totals.map((total) => BigInt(total.equity)),
    debt: run.manifest.totals.map((total) => BigInt(total.debt)),
  };
  rows.verifyTotals(
    run.values.map(({ total }) => total),
    totals,
    { codes: CODES, x: run.challenges.x },
  );
  const margin = run.batches.flatMap(({ layout: batchLayout }, batch) =>
    batchLayout.kind === 'margin' ? [{ layout: batchLayout, cover: run.values[batch]!.cover! }] : [],
  );
  rows.verifyCover(
    {
      points: run.points,
      blindOpening: run.zW,
      layouts: margin.map((line) => line.layout),
      covers: margin.map(({ cover }) => cover),
    },
    CODES,
    run.challenges,
  );
}

function identifyRows({ layouts, placed, secret }: RunPlan): rows.IdentifiedRow[][] {
  const numbers = new Map<FieldElement, number>();
  return layouts.map((batchLayout, batch) =>
    Array.from({ length: batchLayout.rows }, (_, row) => {
      const mine = placed.find((part) => part.batch === batch && part.row === row);
      if (mine !== undefined) {
        const netValue = batchLayout.kind === 'margin' ? rows.valueSlots(mine.slots, PRICES) : 0n;
        return { slots: mine.slots, netValue, id: idOf(mine, placed, secret) };
      }
      const tag = rows.deriveCircuitTag(batchLayout);
      const number = numbers.get(tag) ?? 0;
      numbers.set(tag, number + 1);
      return { ...rows.EMPTY_ROW, id: rows.deriveDummyId(secret, tag, number) };
    }),
  );
}

/** Statements of a run are made from the parts: one line of cash or of a loan for each asset and side. */
export function statementOf(userId: string, placed: readonly PlacedRow[]): rows.AccountStatement | null {
  if (userId !== 'alice') return null;
  const lines = rows
    .sumSlots(placed.filter((part) => part.userId === userId))
    .flatMap(({ assetIndex, equityUnits, debtUnits }): rows.StatementLine[] => [
      ...(equityUnits > 0n ? [lineOf('spot', assetIndex, equityUnits)] : []),
      ...(debtUnits > 0n ? [lineOf('loan', assetIndex, -debtUnits)] : []),
    ]);
  lines.sort((a, b) => (a.account < b.account ? -1 : a.account > b.account ? 1 : 0));
  return { format: 'solvent/statement/v2', lines };
}

function lineOf(account: string, assetIndex: number, units: bigint): rows.StatementLine {
  const { symbol, decimals } = ASSETS[assetIndex]!;
  const magnitude = units < 0n ? -units : units;
  const digits = magnitude.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  const text = `${units < 0n ? '-' : ''}${digits.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`;
  return {
    account,
    asset: symbol,
    bucket: 'cross',
    kind: account === 'loan' ? 'loan' : 'cash',
    reference: '',
    valuation: { of: 'amount', quantity: text, rounding: 'up' },
    value: text,
  };
}

function idOf(part: PlacedRow, placed: readonly PlacedRow[], secret: Uint8Array): Uint8Array {
  const parts = placed.filter(({ userId }) => userId === part.userId);
  const statement = statementOf(part.userId, placed);
  const number = parts.indexOf(part) + 1;
  return rows.commitPart({
    idHash: deriveIdHash(PLATFORM, part.userId),
    part: number,
    partCount: parts.length,
    nonce: rows.derivePartNonce(secret, part.userId, number),
    statement: statement === null ? rows.ZERO : rows.hashStatement(statement),
  });
}

/** The points, groups, list and digest of one batch. */
export function commitBatch(
  batchLayout: rows.RowLayout,
  batchRows: readonly rows.IdentifiedRow[],
  secrets: rows.BatchSecrets,
): RunBatch {
  const generators = rows.generatorsOf(batchLayout);
  const entries = batchRows.map(({ slots, id }, row) => ({
    point: rows.encodeCommitment(generators, rows.packWords(batchLayout, slots), secrets.rowBlinds[row]!),
    id,
  }));
  const maskPoints = secrets.masks.groups.map((masks, group) =>
    rows.encodeCommitment(generators, masks, secrets.maskBlinds[group]!),
  );
  const groupHashes = maskPoints.map((maskPoint, index) =>
    rows.hashGroup(batchLayout, { index, maskPoint, entries: ofGroup(batchLayout, index, entries) }),
  );
  return {
    layout: batchLayout,
    rows: batchRows,
    secrets,
    entries,
    maskPoints,
    groupHashes,
    list: rows.hashList(batchLayout, groupHashes),
    digest: computeBatchDigest(portableSponge, batchLayout, { masks: secrets.masks, rows: batchRows }),
  };
}

/** Those of a batch's rows that are in a group. */
export function ofGroup<T>({ groupRows }: rows.RowLayout, group: number, ofRows: readonly T[]): T[] {
  return ofRows.slice(group * groupRows, (group + 1) * groupRows);
}

const POINT: [string, string] = ['1', '2'];
const PAIR: [[string, string], [string, string]] = [POINT, POINT];

function describeManifest(
  { layouts }: RunPlan,
  batchRows: readonly (readonly rows.Row[])[],
): Omit<rows.Manifest, 'commitmentsHash'> {
  const totals = sumRows(batchRows);
  const distinct = layouts.filter((one, position) => layouts.indexOf(one) === position);
  return {
    format: 'solvent/manifest/v2',
    platform: PLATFORM,
    takenAt: '2026-11-28T00:00:00Z',
    leastDistanceMs: 3_600_000,
    quote: 'USD',
    scope: { included: 'All customer accounts.', excluded: [] },
    snapshotHash: 'ab'.repeat(32),
    previousManifestHash: null,
    scale: SCALE,
    assets: ASSETS.map((asset) => ({
      ...asset,
      priceSource: 'index',
      pricedAt: '2026-11-27T23:59:00Z',
      maxPriceAgeMs: 600_000,
    })),
    maxMarkAgeMs: 600_000,
    profile: 'example',
    indexBits: INDEX_BITS,
    circuits: distinct.map((one) => ({
      name: rows.nameOfLayout(one),
      parameters: one,
      tag: String(rows.deriveCircuitTag(one)),
      fingerprint: 'cd'.repeat(32),
      provenance: { kind: 'insecure-development' },
      verificationKey: {
        alpha: POINT,
        beta: PAIR,
        gamma: PAIR,
        delta: PAIR,
        ic: Array.from({ length: rows.publicSignalCount(one) + 1 }, () => POINT),
      },
      proofCount: layouts.filter((other) => other === one).length,
    })),
    totals: ASSETS.map(({ symbol }, index) => ({
      asset: symbol,
      equity: String(totals.equity[index]),
      debt: String(totals.debt[index]),
    })),
    rounding: [],
    writeOffs: { accountsBelow: 1, debts: [] },
    reconciliation: {
      compared: { balances: 'all', control: 'all', positions: null },
      acceptedBreaks: [
        { kind: 'balance-differs', asset: 'USD', countBelow: 4, difference: '-0.5', magnitude: '0.5' },
      ],
    },
  };
}

/** The inclusion file of a user of a run, without its padding. */
export function inclusionOf(run: Run, userId: string): Omit<rows.InclusionFile, 'padding'> {
  const parts = run.plan.placed.filter((part) => part.userId === userId);
  const groups = new Map<string, rows.GroupRecord>();
  for (const { batch, row } of parts) {
    const { group } = rows.groupOf(run.plan.layouts[batch]!, row);
    groups.set(`${batch}/${group}`, groupRecordOf(run, batch, group));
  }
  const inOrder = [...groups.values()].sort((a, b) => a.batch - b.batch || a.group - b.group);
  const usedBatches = [...new Set(inOrder.map(({ batch }) => batch))];
  return {
    format: 'solvent/inclusion/v2',
    manifestHash: bytesToHex(run.manifestHash),
    userId,
    statement: statementOf(userId, run.plan.placed),
    partCount: parts.length,
    batches: usedBatches.map((batch) => ({
      batch,
      groupHashes: run.batches[batch]!.groupHashes.map(rows.encodeBase64url),
    })),
    groups: inOrder,
    parts: parts.map(({ batch, row, slots }, index) => ({
      part: index + 1,
      batch,
      row,
      slots: slots.map(({ amountUnits, assetIndex, ...rest }) => ({
        amount: String(amountUnits),
        index: assetIndex,
        ...rest,
      })),
      nonce: String(rows.derivePartNonce(run.plan.secret, userId, index + 1)),
      blind: String(run.batches[batch]!.secrets.rowBlinds[row]),
    })),
  };
}

function groupRecordOf(run: Run, batch: number, group: number): rows.GroupRecord {
  const { layout: batchLayout, secrets, maskPoints, entries } = run.batches[batch]!;
  const blinds = ofGroup(batchLayout, group, secrets.rowBlinds);
  return {
    batch,
    group,
    maskPoint: rows.encodeBase64url(maskPoints[group]!),
    blindOpening: String(rows.openBlinds(secrets.maskBlinds[group]!, blinds, run.challenges.rho)),
    entries: ofGroup(batchLayout, group, entries).map(({ point, id }) => ({
      point: rows.encodeBase64url(point),
      id: rows.encodeBase64url(id),
    })),
  };
}

/** The canonical JSON of a run's manifest. */
export function manifestBytes(run: Run): Uint8Array {
  return encodeJsonLine(run.manifest);
}

/** What a user's checks take from the bundle and the trust file. */
export function contextOf(run: Run, userId: string): rows.InclusionContext {
  return {
    platform: PLATFORM,
    userId,
    manifestHash: run.manifestHash,
    assets: ASSETS,
    prices: PRICES,
    commitmentAt: (batch) => run.batches[batch],
  };
}

/** What a user's checks take from the proofs. */
export function provenOf(run: Run): rows.ProvenValues {
  return { rho: run.challenges.rho, openingsOf: (batch) => run.values[batch]!.openings };
}

export const canonical = encodeCanonicalJson;
