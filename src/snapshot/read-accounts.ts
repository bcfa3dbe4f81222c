import type { DuckDBValue } from '@duckdb/node-api';
import { join } from 'node:path';

import { SolventError, type Account, type Holding } from '../protocol/index.js';
import type { Snapshot, SnapshotArtefactCode } from './load-snapshot.js';
import { escapePattern, Scratch } from './scratch.js';
import { ACCOUNTS_FILE } from './snapshot-file.js';

/**
 * The accounts of a snapshot, in the order of their ids (as UTF-8), a few thousand rows in memory at a time. Their
 * order, counts and totals are checked on the way, the last two when all are read.
 * @throws SolventError `snapshot-accounts-mismatch` of class `artefact`.
 */
export async function* readAccounts(snapshot: Snapshot): AsyncGenerator<Account> {
  const reader = await Scratch.openReader();
  try {
    await reader.set('accounts_pattern', escapePattern(join(snapshot.directory, ACCOUNTS_FILE)));
    const assembler = new AccountAssembler(snapshot);
    for await (const rows of reader.stream('read-accounts')) {
      for (const row of rows) {
        const account = assembler.push(row);
        if (account !== undefined) yield account;
      }
    }
    yield assembler.end();
  } finally {
    reader.close();
  }
}

/** Makes accounts of the rows of accounts.parquet, which are sorted by user and asset. */
class AccountAssembler {
  readonly #snapshot: Snapshot;
  readonly #equities: bigint[];
  readonly #debts: bigint[];
  #accountCount = 0;
  #holdingCount = 0;
  #userId: string | undefined;
  #holdings: Holding[] = [];

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.#equities = snapshot.assets.map(() => 0n);
    this.#debts = snapshot.assets.map(() => 0n);
  }

  /** Takes a row; the account before it, where the row starts another. */
  push([user, asset, equity, debt]: readonly DuckDBValue[]): Account | undefined {
    const userId = user as string;
    const isNew = userId !== this.#userId;
    if (isNew && this.#userId !== undefined && !isBefore(this.#userId, userId)) {
      throw mismatch('accounts in the order of their ids');
    }
    const finished = isNew ? this.#finish() : undefined;
    if (isNew) this.#accountCount += 1;
    this.#userId = userId;
    if (asset !== null) this.#addHolding(asset as number, equity as bigint, debt as bigint);
    else if (!isNew) throw mismatch('no other row beside that of an empty account');
    return finished;
  }

  /** The last account, once the counts and totals of all are those that the snapshot states. */
  end(): Account {
    const { accountCount, holdingCount, totals } = this.#snapshot;
    if (this.#accountCount !== accountCount) throw mismatch(`${accountCount} accounts`);
    if (this.#holdingCount !== holdingCount) throw mismatch(`${holdingCount} holdings`);
    totals.forEach(({ asset, equity, debt }, index) => {
      if (this.#equities[index] !== BigInt(equity) || this.#debts[index] !== BigInt(debt)) {
        throw mismatch(`the stated totals of ${asset}`);
      }
    });
    return this.#finish()!;
  }

  #addHolding(assetIndex: number, equityUnits: bigint, debtUnits: bigint): void {
    const previous = this.#holdings.at(-1)?.assetIndex ?? -1;
    if (assetIndex <= previous || assetIndex >= this.#equities.length) {
      throw mismatch('holdings of listed assets in their order');
    }
    if (equityUnits === 0n && debtUnits === 0n) throw mismatch('no holding of nothing');
    this.#holdings.push({ assetIndex, equityUnits, debtUnits });
    this.#holdingCount += 1;
    this.#equities[assetIndex]! += equityUnits;
    this.#debts[assetIndex]! += debtUnits;
  }

  #finish(): Account | undefined {
    if (this.#userId === undefined) return undefined;
    const account = { userId: this.#userId, holdings: this.#holdings };
    this.#holdings = [];
    return account;
  }
}

function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

function mismatch(expected: string): SolventError<SnapshotArtefactCode> {
  return new SolventError(
    'artefact',
    'snapshot-accounts-mismatch',
    `expected ${expected} in ${ACCOUNTS_FILE}, got something else: take the snapshot again`,
  );
}
