import type { DuckDBValue } from '@duckdb/node-api';
import { join } from 'node:path';

import { SolventError, type Account, type Holding } from '../../protocol/index.js';
import { bytesOf, readStatements, type StoredStatement } from '../books/statements/build-statements.js';
import type { Snapshot } from './load-snapshot.js';
import { escapePattern, Scratch } from '../database/scratch.js';
import { ACCOUNTS_FILE, STATEMENTS_FILE } from './snapshot-file.js';
import { refuseSnapshot, type SnapshotCode } from '../errors.js';

/**
 * The accounts of a snapshot, in the order of their ids (as UTF-8), a few thousand rows in memory at a time, each with
 * its statement where it has one. Their order, counts and totals are checked on the way, the last two when all are
 * read; statements are held to the hashes in the accounts.
 * @throws SolventError `snapshot-accounts-mismatch` of class `artefact`.
 */
export async function* readAccounts(snapshot: Snapshot): AsyncGenerator<Account> {
  const reader = await Scratch.openReader();
  const statements = new StatementMatcher(snapshot);
  try {
    await reader.set('accounts_pattern', escapePattern(join(snapshot.directory, ACCOUNTS_FILE)));
    const assembler = new AccountAssembler(snapshot);
    for await (const rows of reader.stream('sealed/read-accounts')) {
      for (const row of rows) {
        const account = assembler.push(row);
        if (account !== undefined) yield await statements.attach(account);
      }
    }
    yield await statements.attach(assembler.end());
    await statements.end();
  } finally {
    await statements.close();
    reader.close();
  }
}

/** An account without its statement, but with the hash of that, null where it has none. */
type HashedAccount = Omit<Account, 'statement'> & { readonly hash: Uint8Array | null };

/** Gives accounts their statements, which are stored in the same order. */
class StatementMatcher {
  readonly #snapshot: Snapshot;
  #statements: AsyncGenerator<StoredStatement> | undefined;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** The account with the next statement, where it has one. */
  async attach({ hash, ...account }: HashedAccount): Promise<Account> {
    if (hash === null) return account;
    this.#statements ??= readStatements(this.#snapshot);
    const next = await this.#statements.next();
    if (next.done === true || next.value.userId !== account.userId || !isEqual(next.value.hash, hash)) {
      throw mismatch('the statement whose hash each account has', STATEMENTS_FILE);
    }
    return { ...account, statement: next.value.json };
  }

  /** Refuses statements that no account has. */
  async end(): Promise<void> {
    if (this.#statements === undefined) return;
    const next = await this.#statements.next();
    if (next.done !== true) throw mismatch('no statement without its account', STATEMENTS_FILE);
  }

  async close(): Promise<void> {
    await this.#statements?.return(undefined);
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
  #hash: Uint8Array | null = null;
  #holdings: Holding[] = [];

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.#equities = snapshot.assets.map(() => 0n);
    this.#debts = snapshot.assets.map(() => 0n);
  }

  /** Takes a row; the account before it, where the row starts another. */
  push([user, asset, equity, debt, statement]: readonly DuckDBValue[]): HashedAccount | undefined {
    const userId = user as string;
    const isNew = userId !== this.#userId;
    if (isNew && this.#userId !== undefined && !isBefore(this.#userId, userId)) {
      throw mismatch('accounts in the order of their ids');
    }
    const finished = isNew ? this.#finish() : undefined;
    const hash = statement === null ? null : bytesOf(statement);
    if (isNew) this.#accountCount += 1;
    else if (!isSame(hash, this.#hash)) throw mismatch('one statement for each account');
    this.#userId = userId;
    this.#hash = hash;
    if (asset !== null) this.#addHolding(asset as number, equity as bigint, debt as bigint);
    else if (!isNew) throw mismatch('no other row beside that of an empty account');
    return finished;
  }

  /** The last account, once the counts and totals of all are those that the snapshot states. */
  end(): HashedAccount {
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

  #finish(): HashedAccount | undefined {
    if (this.#userId === undefined) return undefined;
    const account = { userId: this.#userId, holdings: this.#holdings, hash: this.#hash };
    this.#holdings = [];
    return account;
  }
}

function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : isEqual(a, b);
}

function mismatch(expected: string, file: string = ACCOUNTS_FILE): SolventError<SnapshotCode> {
  return refuseSnapshot('snapshot-accounts-mismatch', {
    expected: `${expected} in ${file}`,
    found: 'something else',
  });
}
