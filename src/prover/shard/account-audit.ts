import {
  computeNetValue,
  SolventError,
  type Account,
  type ErrorClass,
  type UnitPrice,
} from '../../protocol/index.js';
import type { BatchCircuit } from '../circuits.js';
import type { ProverCode } from '../errors.js';
import type { SealedSnapshot } from '../snapshot.js';
import { addsUp, assignCircuit, isWellFormed } from './assign.js';

/** What accounts are held to. */
export type AuditedSnapshot = Pick<SealedSnapshot, 'accountCount' | 'totals' | 'assets'>;

/**
 * Counts and sums accounts as they pass, and holds them to what the snapshot states and the circuits can prove, so
 * that a run ends here and not hours later at a proof. Errors tell how many accounts are at fault, never which.
 */
export class AccountAudit {
  readonly #circuits: readonly BatchCircuit[];
  readonly #snapshot: AuditedSnapshot;
  readonly #prices: readonly UnitPrice[];
  readonly #equity: bigint[];
  readonly #debt: bigint[];
  #malformed = 0;
  #tooWide = 0;
  #notCovered = 0;
  #notAddingUp = 0;
  accountCount = 0;
  /** Accounts of each circuit. */
  readonly accountCounts: number[];

  constructor(
    circuits: readonly BatchCircuit[],
    { snapshot, prices }: { snapshot: AuditedSnapshot; prices: readonly UnitPrice[] },
  ) {
    this.#circuits = circuits;
    this.#snapshot = snapshot;
    this.#prices = prices;
    this.#equity = snapshot.totals.map(() => 0n);
    this.#debt = snapshot.totals.map(() => 0n);
    this.accountCounts = circuits.map(() => 0);
  }

  /** Counts an account in, and says which circuit it goes to; undefined where the run will be refused for it. */
  take(account: Account): number | undefined {
    this.accountCount += 1;
    if (!isWellFormed(account, this.#equity.length)) {
      this.#malformed += 1;
      return undefined;
    }
    for (const { assetIndex, equityUnits, debtUnits } of account.holdings) {
      this.#equity[assetIndex]! += equityUnits;
      this.#debt[assetIndex]! += debtUnits;
    }
    if (!addsUp(account, this.#snapshot.assets)) this.#notAddingUp += 1;
    if (computeNetValue(this.#prices, account.holdings) < 0n) this.#notCovered += 1;
    const circuit = assignCircuit(this.#circuits, account);
    if (circuit === undefined) this.#tooWide += 1;
    else this.accountCounts[circuit]! += 1;
    return circuit;
  }

  /** Refuses the accounts that passed unless all of them can be proven, and are those of the snapshot. */
  finish(): void {
    if (this.accountCount === 0) throw refuse('no-accounts', 'at least one account', 0);
    if (this.#malformed > 0) {
      throw refuse('account-malformed', 'ids and holdings in their form and order', this.#malformed);
    }
    if (this.#tooWide > 0) {
      const slots = Math.max(...this.#circuits.map(({ parameters }) => parameters.slots));
      const expected = `at most ${slots} holdings in each account, as the widest circuit of the profile has slots,`;
      throw refuse('account-too-wide', expected, this.#tooWide);
    }
    if (this.#notCovered > 0) {
      throw refuse(
        'account-not-covered',
        'collateral that covers the debt of each account',
        this.#notCovered,
      );
    }
    if (this.#notAddingUp > 0) {
      throw refuse(
        'statement-mismatch',
        'itemised statements that add up to the holdings of their accounts',
        this.#notAddingUp,
      );
    }
    const { accountCount, totals } = this.#snapshot;
    const isEqual = totals.every(
      ({ equity, debt }, asset) =>
        BigInt(equity) === this.#equity[asset] && BigInt(debt) === this.#debt[asset],
    );
    if (this.accountCount !== accountCount || !isEqual) {
      throw new SolventError<ProverCode>(
        'invariant',
        'snapshot-mismatch',
        'expected accounts that add up to the totals of their snapshot, got others: make the snapshot again',
      );
    }
  }

  /** The refusal of a snapshot that has one user twice. */
  static refuseDoubled(): SolventError<ProverCode> {
    return new SolventError(
      'invariant',
      'account-doubled',
      'expected each user of the snapshot once, got one twice: make the snapshot again',
    );
  }
}

function refuse(
  code:
    'no-accounts' | 'account-too-wide' | 'account-malformed' | 'account-not-covered' | 'statement-mismatch',
  expected: string,
  count: number,
): SolventError<ProverCode> {
  const errorClass: ErrorClass =
    code === 'no-accounts' || code === 'account-too-wide' ? 'usage' : 'invariant';
  const got = count === 0 ? 'none' : `${count} accounts without`;
  return new SolventError(errorClass, code, `expected ${expected}, got ${got}`, {
    details: { accounts: count },
  });
}
