import {
  encodeUint,
  concatBytes,
  deriveCircuitTag,
  keyAuthenticator,
  utf8ToBytes,
  type Authenticator,
  type IdentifiedRow,
  type RowLayout,
  type RunSecret,
} from '../../protocol/index.js';
import { readRow, RecordList, rowRecordBytes, writeRow } from './row-records.js';

const KEY_BYTES = 32;
/** The first bytes of a key, which a double holds exactly, tell nearly all of them apart. */
const PREFIX_BYTES = 6;
/** The owner of a dummy. */
const NOBODY = -1;

/** A row of an account: the account's index, and which of its parts it is, from 0. */
export type RowOwner = { readonly account: number; readonly part: number };

/** An owned row before it has a position. */
export type OwnedRow = { readonly row: IdentifiedRow; readonly part: number };

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
