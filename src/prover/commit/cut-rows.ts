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
import { partIdentifier } from './identify-parts.js';
import { CircuitRows, type OwnedRow } from './shuffle.js';
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
  /** Made anew each time: as few rows as possible are objects at a time. */
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
  const circuits = layouts.map((layout) => new CircuitRows(layout, secret));
  const audit = new TotalsAudit(snapshot.totals);
  const identify = partIdentifier({ ...snapshot, secret });
  const cut: PlacedAccount[] = [];
  const seen = new Set<string>();
  for await (const account of accounts) {
    assertNewUser(seen, account.userId);
    const parts = planner.plan(account.holdings);
    audit.take(parts);
    enterRows(account.userId, cut.length, { parts, ids: identify(account, parts), circuits });
    cut.push(placeAccount(account, options));
    onAccount?.(cut.length);
  }
  if (cut.length === 0) {
    throw refuseProver('no-accounts', { expected: 'accounts', found: 'a snapshot of nobody' });
  }
  audit.assertEqual();
  const batchCounts = countBatches(
    layouts,
    circuits.map(({ length }) => length),
  );
  return {
    batches: cutBatches(circuits, { batchCounts, accounts: cut, options }),
    batchCounts,
    accounts: cut,
  };
}

/** An account whose positions are filled in when batches are cut. */
function placeAccount({ userId, statement }: Account, { keepStatement }: CutOptions): PlacedAccount {
  return { userId, positions: [], statement: statement === undefined ? null : keepStatement(statement) };
}

type PlacedAccount = CutAccount & { readonly positions: RowPosition[] };

/** Enters the rows of an account into their circuits. */
function enterRows(
  userId: string,
  account: number,
  {
    parts,
    ids,
    circuits,
  }: {
    readonly parts: readonly PlannedPart[];
    readonly ids: readonly Uint8Array[];
    readonly circuits: readonly CircuitRows[];
  },
): void {
  const byCircuit = new Map<number, OwnedRow[]>();
  parts.forEach(({ circuit, row }, part) => {
    const owned = { row: { ...row, id: ids[part]! }, part };
    const ofCircuit = byCircuit.get(circuit);
    if (ofCircuit === undefined) byCircuit.set(circuit, [owned]);
    else ofCircuit.push(owned);
  });
  for (const [circuit, rows] of byCircuit) circuits[circuit]!.add(userId, account, rows);
}

function cutBatches(
  circuits: readonly CircuitRows[],
  {
    batchCounts,
    accounts,
    options: { layouts, secret },
  }: {
    readonly batchCounts: readonly number[];
    readonly accounts: readonly PlacedAccount[];
    readonly options: CutOptions;
  },
): CutBatch[] {
  const batches: CutBatch[] = [];
  layouts.forEach((layout, circuit) => {
    const rows = circuits[circuit]!;
    const capacity = batchCounts[circuit]! * layout.rows;
    addDummies(rows, { layout, count: capacity - rows.length, secret });
    const order = rows.sort();
    for (let first = 0; first < capacity; first += layout.rows) {
      const ofBatch = order.subarray(first, first + layout.rows);
      const batch = batches.length;
      ofBatch.forEach((index, row) => {
        const owner = rows.ownerOf(index);
        if (owner !== undefined) accounts[owner.account]!.positions[owner.part] = { batch, row };
      });
      batches.push({
        circuit,
        layout,
        get rows() {
          return Array.from(ofBatch, (index) => rows.rowAt(index));
        },
      });
    }
  });
  return batches;
}

/** Fills a circuit's last batch. */
function addDummies(
  rows: CircuitRows,
  {
    layout,
    count,
    secret,
  }: { readonly layout: RowLayout; readonly count: number; readonly secret: RunSecret },
): void {
  const tag = deriveCircuitTag(layout);
  for (let index = 0; index < count; index++) {
    rows.addDummy({ ...EMPTY_ROW, id: deriveDummyId(secret, tag, index) }, index);
  }
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
