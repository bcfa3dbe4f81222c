import {
  computeWeightedTotals,
  deriveGamma,
  hashPrices,
  type Poseidon,
  type UnitPrice,
} from '../../protocol/index.js';
import type { BatchCircuit } from '../circuits.js';
import type { CircuitInput } from '../witness/generator.js';
import type { BatchCommitment } from './commitment.js';

/**
 * The input signals of SpotBatch or MarginBatch for a committed batch.
 * @param prices over all A assets of the circuit.
 */
export function buildBatchInput(
  hash: Poseidon,
  circuit: BatchCircuit,
  { batch, prices }: { batch: BatchCommitment; prices: readonly UnitPrice[] },
): CircuitInput {
  const input = buildSpotInput(circuit, batch);
  return circuit.parameters.kind === 'spot'
    ? input
    : new Map([...input, ...buildMarginInput(hash, circuit, { batch, prices })]);
}

function buildSpotInput(circuit: BatchCircuit, batch: BatchCommitment): CircuitInput {
  return new Map<string, readonly bigint[]>([
    ['account', batch.rows.map(({ account }) => account)],
    ['equity', perSlot(circuit, batch, 'equityUnits')],
    ['index', perSlot(circuit, batch, 'assetIndex')],
    ['totalEquity', batch.totals.equity],
    ['blind', [batch.blind]],
  ]);
}

/** What MarginBatch takes besides the signals of SpotBatch. */
function buildMarginInput(
  hash: Poseidon,
  circuit: BatchCircuit,
  { batch, prices }: { batch: BatchCommitment; prices: readonly UnitPrice[] },
): CircuitInput {
  const gamma = deriveGamma(hash, batch.digest, hashPrices(hash, prices));
  const holdings = batch.rows.map((row) => row.holdings);
  const weighted = computeWeightedTotals(gamma, holdings, circuit.parameters.assets);
  return new Map<string, readonly bigint[]>([
    ['debt', perSlot(circuit, batch, 'debtUnits')],
    ['net', batch.rows.map(({ netValue }) => netValue)],
    ['totalDebt', batch.totals.debt],
    ['price', prices.map(({ full }) => full)],
    ['collateralPrice', prices.map(({ collateral }) => collateral)],
    ['weightedEquity', weighted.equity],
    ['weightedDebt', weighted.debt],
  ]);
}

/** One value for each slot of each row; 0 in slots that hold nothing. */
function perSlot(
  { parameters }: BatchCircuit,
  { rows }: BatchCommitment,
  part: 'assetIndex' | 'equityUnits' | 'debtUnits',
): bigint[] {
  return rows.flatMap(({ holdings }) =>
    Array.from({ length: parameters.slots }, (_, slot) => BigInt(holdings[slot]?.[part] ?? 0)),
  );
}
