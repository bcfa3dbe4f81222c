import {
  SIDE,
  sideOf,
  type Manifest,
  encodeUint,
  concatBytes,
  deriveCircuitTag,
  keyAuthenticator,
  utf8ToBytes,
  type Authenticator,
  type IdentifiedRow,
  type RowLayout,
  type RunSecret,
  type Account,
  parseName,
  deriveDummyId,
  EMPTY_ROW,
  type UnitPrice,
} from '../../protocol/index.js';
import { type PlannedPart, AccountPlanner, countBatches } from '../../plan/index.js';
import { refuseProver } from '../errors.js';
import { readRow, RecordList, rowRecordBytes, writeRow } from './row-records.js';
import { partIdentifier } from './identify-parts.js';

/** Adds up what rows hold, and holds it to what a snapshot states. */
class TotalsAudit {
  readonly #stated: Manifest['totals'];
  readonly #equity: bigint[];
  readonly #debt: bigint[];

  constructor(stated: Manifest['totals']) {
    this.#stated = stated;
    this.#equity = stated.map(() => 0n);
    this.#debt = stated.map(() => 0n);
  }

  /** Adds the parts of an account. */
  take(parts: readonly PlannedPart[]): void {
    for (const slot of parts.flatMap(({ row }) => row.slots)) {
      const sums = sideOf(slot) === SIDE.equity ? this.#equity : this.#debt;
      sums[slot.assetIndex]! += slot.amountUnits;
    }
  }

  /** @throws SolventError `snapshot-mismatch` unless all totals are those stated. */
  assertEqual(): void {
    const isEqual = this.#stated.every(
      ({ equity, debt }, index) =>
        BigInt(equity) === this.#equity[index] && BigInt(debt) === this.#debt[index],
    );
    if (isEqual) return;
    throw refuseProver('snapshot-mismatch', {
      expected: 'accounts that add up to the totals of the snapshot',
      found: 'others',
    });
  }
}

const KEY_BYTES = 32;
/** The first bytes of a key, which a double holds exactly, tell nearly all of them apart. */
const PREFIX_BYTES = 6;
/** The owner of a dummy. */
const NOBODY = -1;

/** A row of an account: the account's index, and which of its parts it is, from 0. */
type RowOwner = { readonly account: number; readonly part: number };

/** An owned row before it has a position. */
type OwnedRow = { readonly row: IdentifiedRow; readonly part: number };

/**
 * The rows of one circuit, dummies included, on their way into batches. What stands together, all rows of one account or
 * one dummy, is sorted by a key of 32 bytes. Keys hang on the circuit: with one key for all circuits, rows of two of them
 * that belong together would stand in one order.
 */
export class CircuitRows {
  readonly #layout: RowLayout;
  readonly #tag: Uint8Array;
  readonly #authenticate: Authenticator;
  readonly #rows: RecordList;
  readonly #owners: number[] = [];
  readonly #parts: number[] = [];
  readonly #keys = new RecordList(KEY_BYTES);
  /** The first row of each unit. */
  readonly #firsts: number[] = [];

  constructor(layout: RowLayout, secret: RunSecret) {
    this.#layout = layout;
    this.#tag = encodeUint(deriveCircuitTag(layout), 32);
    this.#authenticate = keyAuthenticator(secret);
    this.#rows = new RecordList(rowRecordBytes(layout));
  }

  /** How many rows there are. */
  get length(): number {
    return this.#rows.length;
  }

  /** Takes all of an account's rows of this circuit. @throws SolventError where a row is not canonical. */
  add(userId: string, account: number, rows: readonly OwnedRow[]): void {
    this.#begin('solvent/row-shuffle/v2', utf8ToBytes(userId));
    for (const { row, part } of rows) this.#append(row, account, part);
  }

  /** Takes the dummy of a number. */
  addDummy(row: IdentifiedRow, index: number): void {
    this.#begin('solvent/dummy-row-shuffle/v2', encodeUint(index, 4));
    this.#append(row, NOBODY, 0);
  }

  /** The indexes of all rows in the order of their units' keys, those of one unit side by side. */
  sort(): Uint32Array {
    const prefixes = this.#firsts.map((_, unit) => readPrefix(this.#keys.at(unit)));
    const units = Uint32Array.from(this.#firsts.keys()).sort(
      (a, b) => prefixes[a]! - prefixes[b]! || Buffer.compare(this.#keys.at(a), this.#keys.at(b)),
    );
    const order = new Uint32Array(this.length);
    let at = 0;
    for (const unit of units) {
      const end = this.#firsts[unit + 1] ?? this.length;
      for (let row = this.#firsts[unit]!; row < end; row++) order[at++] = row;
    }
    return order;
  }

  /** Whose a row is; undefined for a dummy. */
  ownerOf(index: number): RowOwner | undefined {
    const account = this.#owners[index]!;
    return account === NOBODY ? undefined : { account, part: this.#parts[index]! };
  }

  rowAt(index: number): IdentifiedRow {
    return readRow(this.#layout, this.#rows.at(index));
  }

  #begin(label: string, message: Uint8Array): void {
    this.#firsts.push(this.length);
    this.#keys.append().set(this.#authenticate(label, concatBytes(this.#tag, message)));
  }

  #append(row: IdentifiedRow, account: number, part: number): void {
    writeRow(this.#layout, row, this.#rows.append());
    this.#owners.push(account);
    this.#parts.push(part);
  }
}

function readPrefix(key: Uint8Array): number {
  return key.subarray(0, PREFIX_BYTES).reduce((value, byte) => 256 * value + byte, 0);
}

/** What accounts are cut into rows with. */
type CutOptions = {
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
type StoredRange = { readonly start: number; readonly sizeBytes: number };

/** One batch before it is committed to: all N rows, dummies included. */
export type CutBatch = {
  /** The index of its circuit in the list of layouts. */
  readonly circuit: number;
  readonly layout: RowLayout;
  /** Made anew each time: as few rows as possible are objects at a time. */
  readonly rows: readonly IdentifiedRow[];
};

/** The row of one part: batch b, in the order of commitments, and row u. */
type RowPosition = { readonly batch: number; readonly row: number };

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
 * Cuts accounts into rows and these into batches. The planner cuts each account. Dummies fill the last batch of each
 * circuit. All rows are shuffled over all batches of their circuit. The same for the same accounts and secret.
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
