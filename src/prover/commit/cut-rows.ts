import {
  type Account,
  parseName,
  type RunSecret,
  deriveCircuitTag,
  deriveDummyId,
  EMPTY_ROW,
  type IdentifiedRow,
  type RowLayout,
  type Manifest,
  type UnitPrice,
} from '../../protocol/index.js';
import { AccountPlanner, countBatches, type PlannedPart } from '../../plan/index.js';
import { identifyParts } from './identify-parts.js';
import { deriveDummyShuffleKey, deriveRowShuffleKey, sortUnits, type ShuffleUnit } from './shuffle.js';
import { TotalsAudit } from './totals-audit.js';
import { refuseProver } from '../errors.js';

/** What accounts are cut into rows with. */
export type CutOptions = {
  /** The circuits of the run, in the order of the manifest. */
  readonly layouts: readonly RowLayout[];
  readonly prices: readonly UnitPrice[];
  readonly secret: RunSecret;
  /** What random orders of the planner are drawn from; the same as where the snapshot was checked. */
  readonly orderKey: Uint8Array;
  /** What the manifest states of the snapshot. */
  readonly snapshot: Pick<Manifest, 'platform' | 'assets' | 'totals'>;
  /** Keeps a statement, so that none is held in memory. */
  readonly keepStatement: (statement: Uint8Array) => StoredRange;
  /** Told after each account how many there were. */
  readonly onAccount?: (count: number) => void;
};

/** Where bytes are in a file. */
export type StoredRange = { readonly start: number; readonly sizeBytes: number };

/** One batch before it is committed to: all N rows, dummies included. */
export type CutBatch = {
  /** The index of its circuit in the list of layouts. */
  readonly circuit: number;
  readonly layout: RowLayout;
  readonly rows: readonly IdentifiedRow[];
};

/** The row of one part: batch b, in the order of commitments, and row u. */
export type RowPosition = { readonly batch: number; readonly row: number };

/** An account whose parts have their rows. */
export type CutAccount = {
  readonly userId: string;
  /** Null where it has none. */
  readonly statement: StoredRange | null;
  /** Of parts 1 .. n, in order. */
  readonly positions: readonly RowPosition[];
};

/** All rows of a run: its batches in the order of commitments, and where each account is. */
export type CutRun = {
  readonly batches: readonly CutBatch[];
  /** Of each circuit, in order; at least one. */
  readonly batchCounts: readonly number[];
  readonly accounts: readonly CutAccount[];
};

/** A row before it has a position; `owner` has those of its account, `part` counts from 0. Dummies have none. */
type LooseRow = { readonly row: IdentifiedRow; readonly owner?: RowPosition[]; readonly part?: number };

/**
 * Cuts accounts into rows and these into batches: each account by the planner, then dummies that fill the last batch of
 * each circuit, all shuffled over all batches of their circuit. The same for the same accounts and secret.
 * @throws SolventError `no-accounts`, `account-doubled`, `account-malformed`, `snapshot-mismatch` where accounts do not
 * add up to the totals, `statement-mismatch`; as `AccountPlanner`.
 */
export async function cutRows(
  accounts: AsyncIterable<Account> | Iterable<Account>,
  options: CutOptions,
): Promise<CutRun> {
  const { layouts, secret, snapshot, onAccount } = options;
  const planner = new AccountPlanner(layouts, options);
  const units: ShuffleUnit<LooseRow>[][] = layouts.map(() => []);
  const audit = new TotalsAudit(snapshot.totals);
  const cut: CutAccount[] = [];
  const seen = new Set<string>();
  for await (const account of accounts) {
    assertNewUser(seen, account.userId);
    const parts = planner.plan(account.holdings);
    audit.take(parts);
    const ids = identifyParts(account, parts, { ...snapshot, secret });
    cut.push(enterRows(account, { parts, ids, units, options }));
    onAccount?.(cut.length);
  }
  if (cut.length === 0) {
    throw refuseProver('no-accounts', { expected: 'accounts', found: 'a snapshot of nobody' });
  }
  audit.assertEqual();
  const batchCounts = countBatches(
    layouts,
    units.map((ofCircuit) => ofCircuit.reduce((sum, { rows }) => sum + rows.length, 0)),
  );
  return { batches: cutBatches(units, batchCounts, options), batchCounts, accounts: cut };
}

/** Enters the rows of an account into their circuits; their positions are filled in when batches are cut. */
function enterRows(
  { userId, statement }: Account,
  {
    parts,
    ids,
    units,
    options: { layouts, secret, keepStatement },
  }: {
    readonly parts: readonly PlannedPart[];
    readonly ids: readonly Uint8Array[];
    readonly units: readonly ShuffleUnit<LooseRow>[][];
    readonly options: CutOptions;
  },
): CutAccount {
  const positions: RowPosition[] = [];
  const byCircuit = new Map<number, LooseRow[]>();
  parts.forEach(({ circuit, row }, index) => {
    const loose = { row: { ...row, id: ids[index]! }, owner: positions, part: index };
    const ofCircuit = byCircuit.get(circuit);
    if (ofCircuit === undefined) byCircuit.set(circuit, [loose]);
    else ofCircuit.push(loose);
  });
  for (const [circuit, rows] of byCircuit) {
    units[circuit]!.push({ key: deriveRowShuffleKey(secret, layouts[circuit]!, userId), rows });
  }
  return { userId, positions, statement: statement === undefined ? null : keepStatement(statement) };
}

function cutBatches(
  units: readonly ShuffleUnit<LooseRow>[][],
  batchCounts: readonly number[],
  { layouts, secret }: CutOptions,
): CutBatch[] {
  const batches: CutBatch[] = [];
  layouts.forEach((layout, circuit) => {
    const filled = units[circuit]!.reduce((sum, { rows }) => sum + rows.length, 0);
    const capacity = batchCounts[circuit]! * layout.rows;
    const rows = sortUnits([...units[circuit]!, ...makeDummies(layout, capacity - filled, secret)]);
    for (let first = 0; first < capacity; first += layout.rows) {
      const ofBatch = rows.slice(first, first + layout.rows);
      const batch = batches.length;
      ofBatch.forEach(({ owner, part }, row) => {
        if (owner !== undefined) owner[part!] = { batch, row };
      });
      batches.push({ circuit, layout, rows: ofBatch.map(({ row }) => row) });
    }
  });
  return batches;
}

function makeDummies(layout: RowLayout, count: number, secret: RunSecret): ShuffleUnit<LooseRow>[] {
  const tag = deriveCircuitTag(layout);
  return Array.from({ length: count }, (_, index) => ({
    key: deriveDummyShuffleKey(secret, layout, index),
    rows: [{ row: { ...EMPTY_ROW, id: deriveDummyId(secret, tag, index) } }],
  }));
}

function assertNewUser(seen: Set<string>, userId: string): void {
  try {
    parseName(userId);
  } catch (cause) {
    throw refuseProver('account-malformed', { expected: 'ids in their one form', found: 'another', cause });
  }
  if (seen.has(userId)) {
    throw refuseProver('account-doubled', { expected: 'each user once', found: 'one twice' });
  }
  seen.add(userId);
}
