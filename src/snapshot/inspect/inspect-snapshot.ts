import {
  formatDecimal,
  multiplyDecimals,
  parseDecimal,
  type Decimal,
  parseUserId,
  parseStatement,
  SolventError,
  type Account,
  type StatementLine,
} from '../../protocol/index.js';
import type { ReconciledBooks } from '../sealed/snapshot-file.js';
import { type Snapshot, loadSnapshot } from '../sealed/load-snapshot.js';
import { parseInstantNs } from '../books/instant-ns.js';
import { readAccounts } from '../sealed/read-accounts.js';
import { refuseSnapshot, type SnapshotCode } from '../errors.js';
import { Census, priceOfUnit, type AccountDistribution, type AssetUse } from './census.js';

/** Accepted breaks of one kind and asset, with their magnitude in the quote currency; null for contracts. */
export type ValuedBreaks = ReconciledBooks['acceptedBreaks'][number] & {
  readonly value: string | null;
};

/** Orders accepted breaks by what they are worth, the largest first; those in contracts come last. */
export function rankBreaks(
  { acceptedBreaks }: ReconciledBooks,
  { assets }: Pick<Snapshot, 'assets'>,
): ValuedBreaks[] {
  const prices = new Map(assets.map(({ symbol, price }) => [symbol, parseDecimal(price)]));
  const valued = acceptedBreaks.map((breaks) => {
    const price = breaks.asset === null ? undefined : prices.get(breaks.asset);
    return {
      breaks,
      value: price === undefined ? undefined : multiplyDecimals(parseDecimal(breaks.magnitude), price),
    };
  });
  return valued
    .sort((a, b) => compareValues(b.value, a.value))
    .map(({ breaks, value }) => ({ ...breaks, value: value === undefined ? null : formatDecimal(value) }));
}

/** The order of two values; none is less than any. */
function compareValues(a: Decimal | undefined, b: Decimal | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const left = a.coefficient * 10n ** BigInt(b.fractionDigits);
  const right = b.coefficient * 10n ** BigInt(a.fractionDigits);
  return left < right ? -1 : Number(left > right);
}

export type InspectOptions = {
  /** The user whose account is shown too; it is normalised as a user id is. */
  readonly userId?: string;
  /** Called now and then with the number of accounts that were read, of all. */
  readonly onProgress?: (done: number, total: number) => void;
};

/** One asset over all accounts. Equity and debt are proof units; values are of the quote currency, at the full price. */
type InspectedAsset = Snapshot['assets'][number] &
  AssetUse & {
    readonly equity: string;
    readonly debt: string;
    readonly equityValue: string;
    readonly debtValue: string;
    /** How much older than the snapshot's instant the price is; null where nobody stated when it was made. */
    readonly priceAgeNs: string | null;
  };

/** What one user holds and owes, and how the platform came to that where it says so. */
export type InspectedAccount = {
  readonly userId: string;
  /** In the order of assets; in proof units, and their values in the quote currency at the full price. */
  readonly holdings: readonly {
    readonly asset: string;
    readonly equity: string;
    readonly debt: string;
    readonly equityValue: string;
    readonly debtValue: string;
  }[];
  readonly statement: readonly StatementLine[] | null;
};

/** A snapshot at a glance. Whatever is not known is null; all of it can be written as JSON. */
export type Inspection = Pick<
  Snapshot,
  'platform' | 'takenAt' | 'quote' | 'hash' | 'accountCount' | 'holdingCount' | 'writeOffs'
> & {
  /** The sources, by the names that the configuration has for them. */
  readonly sources: readonly Pick<
    Snapshot['sources'][number],
    'role' | 'rows' | 'rowsAfterInstant' | 'ignoredColumns' | 'completeTo'
  >[];
  readonly assets: readonly InspectedAsset[];
  readonly accounts: AccountDistribution;
  /** How much was compared; null where the snapshot is of stated balances alone. */
  readonly compared: ReconciledBooks['compared'] | null;
  /** The breaks that were accepted, the largest first. */
  readonly acceptedBreaks: readonly ValuedBreaks[];
  /** The account that was asked for; absent where none was. */
  readonly account?: InspectedAccount;
};

const ACCOUNTS_BETWEEN_PROGRESS = 10_000;

/**
 * Opens a snapshot directory, checks all of it, and sums up what is in it: totals, prices and their ages, how accounts
 * are distributed, and how the books were reconciled. It also shows one user's account where it is asked for. Reads
 * every account once.
 * @throws SolventError as `loadSnapshot` and `readAccounts`; of class `usage`: `user-id-malformed`, `user-not-in-snapshot`.
 */
export async function inspectSnapshot(directory: string, options: InspectOptions = {}): Promise<Inspection> {
  const userId = options.userId === undefined ? undefined : parseUserId(options.userId);
  const snapshot = await loadSnapshot(directory);
  const census = new Census(snapshot);
  let account: Account | undefined;
  let done = 0;
  for await (const read of readAccounts(snapshot)) {
    census.push(read);
    if (read.userId === userId) account = read;
    done += 1;
    if (done % ACCOUNTS_BETWEEN_PROGRESS === 0) options.onProgress?.(done, snapshot.accountCount);
  }
  if (done % ACCOUNTS_BETWEEN_PROGRESS !== 0) options.onProgress?.(done, snapshot.accountCount);
  if (userId !== undefined && account === undefined) throw refuseUser();
  const { platform, takenAt, quote, hash, accountCount, holdingCount, writeOffs, reconciliation } = snapshot;
  return {
    platform,
    takenAt,
    quote,
    hash,
    accountCount,
    holdingCount,
    writeOffs,
    sources: snapshot.sources.map(({ role, rows, rowsAfterInstant, ignoredColumns, completeTo }) => ({
      ...{ role, rows, rowsAfterInstant, ignoredColumns, completeTo },
    })),
    assets: snapshot.assets.map((_, index) => inspectAsset(snapshot, index, census)),
    accounts: census.distribution,
    compared: reconciliation?.compared ?? null,
    acceptedBreaks: reconciliation === null ? [] : rankBreaks(reconciliation, snapshot),
    ...(account === undefined ? {} : { account: inspectAccount(snapshot, account) }),
  };
}

function inspectAsset(snapshot: Snapshot, index: number, census: Census): InspectedAsset {
  const asset = snapshot.assets[index]!;
  const { equity, debt } = snapshot.totals[index]!;
  const age =
    asset.pricedAt === null ? null : parseInstantNs(snapshot.takenAt) - parseInstantNs(asset.pricedAt);
  return {
    ...asset,
    ...census.useOf(index),
    equity,
    debt,
    equityValue: valueOf(BigInt(equity), asset),
    debtValue: valueOf(BigInt(debt), asset),
    priceAgeNs: age === null ? null : age.toString(),
  };
}

function inspectAccount({ assets }: Snapshot, account: Account): InspectedAccount {
  const { userId, holdings, statement } = account;
  return {
    userId,
    holdings: holdings.map(({ assetIndex, equityUnits, debtUnits }) => {
      const asset = assets[assetIndex]!;
      return {
        asset: asset.symbol,
        equity: equityUnits.toString(),
        debt: debtUnits.toString(),
        equityValue: valueOf(equityUnits, asset),
        debtValue: valueOf(debtUnits, asset),
      };
    }),
    statement: statement === undefined ? null : parseStatement(statement).lines,
  };
}

/** What proof units of an asset are worth in the quote currency, at the full price, exactly. */
function valueOf(units: bigint, { price, decimals }: Snapshot['assets'][number]): string {
  const { coefficient, fractionDigits } = priceOfUnit(price, decimals);
  return formatDecimal({ coefficient: units * coefficient, fractionDigits });
}

function refuseUser(): SolventError<SnapshotCode> {
  return refuseSnapshot('user-not-in-snapshot', {
    expected: 'the id of a user of this snapshot',
    found: 'another',
  });
}
