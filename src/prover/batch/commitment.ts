import {
  buildTree,
  commitAccount,
  commitTotals,
  computeDigest,
  computeNetValue,
  deriveBatchBlind,
  deriveDummyAccount,
  deriveIdHash,
  deriveNonce,
  hashLeaf,
  hashStatementJson,
  packLeaf,
  rootOf,
  type FieldElement,
  type Holding,
  type Poseidon,
  type RunSecret,
  type Totals,
  type UnitPrice,
} from '../../protocol/index.js';
import type { BatchCircuit } from '../circuits.js';
import type { BatchRow } from './batch-file.js';

const NO_STATEMENT = 0n as FieldElement;

/** What a batch is made with, besides its rows. */
export type BatchContext = {
  readonly circuit: BatchCircuit;
  /** The place of the batch among those of its circuit. */
  readonly index: number;
  readonly secret: RunSecret;
  readonly platform: string;
  /** Over all A assets of the circuit. */
  readonly prices: readonly UnitPrice[];
};

/** The row of a batch as its circuit takes it. */
export type CommittedRow = {
  readonly account: FieldElement;
  readonly holdings: readonly Holding[];
  /** V, 0 in spot circuits; 0 <= V < 2^VB. */
  readonly netValue: bigint;
};

/** Everything that the proof of a batch is about. */
export type BatchCommitment = {
  readonly rows: readonly CommittedRow[];
  /** The tree over the leaves, leaves first, root last. */
  readonly levels: readonly (readonly FieldElement[])[];
  readonly totals: Totals;
  readonly blind: FieldElement;
  readonly totalsHash: FieldElement;
  readonly root: FieldElement;
  readonly digest: FieldElement;
};

/**
 * Leaves, tree, totals and digest of a batch (sections 3 and 4.1 of the protocol). Equal secrets and rows give equal
 * digests.
 * @throws SolventError of `packLeaf` for holdings that the circuit does not hold.
 */
export function commitBatch(
  hash: Poseidon,
  rows: readonly BatchRow[],
  context: BatchContext,
): BatchCommitment {
  const { parameters, tag } = context.circuit;
  const committed = rows.map((row) => commitRow(hash, row, context));
  const leaves = committed.map(({ account, holdings, netValue }) =>
    hashLeaf(hash, account, packLeaf(parameters, holdings, netValue)),
  );
  const levels = buildTree(hash, leaves, parameters.depth);
  const totals = sumHoldings(committed, parameters.assets);
  const blind = deriveBatchBlind(context.secret, tag, context.index);
  const totalsHash = commitTotals(hash, totals, blind);
  const root = rootOf(levels);
  const digest = computeDigest(hash, { tag, root, totals: totalsHash });
  return { rows: committed, levels, totals, blind, totalsHash, root, digest };
}

function commitRow(hash: Poseidon, row: BatchRow, context: BatchContext): CommittedRow {
  const { circuit, secret, platform, prices } = context;
  if ('dummy' in row) {
    return { account: deriveDummyAccount(secret, circuit.tag, row.dummy), holdings: [], netValue: 0n };
  }
  const { userId, holdings, statement } = row.account;
  const account = commitAccount(hash, {
    idHash: deriveIdHash(platform, userId),
    nonce: deriveNonce(secret, userId),
    statement: statement === undefined ? NO_STATEMENT : hashStatementJson(statement),
  });
  const netValue = circuit.parameters.kind === 'margin' ? computeNetValue(prices, holdings) : 0n;
  return { account, holdings, netValue };
}

function sumHoldings(rows: readonly CommittedRow[], assets: number): Totals {
  const equity = new Array<bigint>(assets).fill(0n);
  const debt = new Array<bigint>(assets).fill(0n);
  for (const { holdings } of rows) {
    for (const { assetIndex, equityUnits, debtUnits } of holdings) {
      equity[assetIndex]! += equityUnits;
      debt[assetIndex]! += debtUnits;
    }
  }
  return { equity, debt };
}
