import type { CircuitMeasurement } from './bench-measurement.js';
import type { Estimate } from './bench-estimate.js';
import {
  formatCount,
  formatDuration,
  formatNumber,
  renderTable,
  toNumberColumn,
} from '../presentation/index.js';

/** Rows that one worker gets through in a second. */
export function rowsPerSecond({ rows, secondsPerProof }: CircuitMeasurement): number {
  return rows / secondsPerProof;
}

/** What was measured, as a table. */
export function renderMeasurement(measured: readonly CircuitMeasurement[]): string {
  const columns = [
    { title: 'circuit' },
    ...['rows a proof', 's a proof', 'rows/s and core', 'peak MB'].map(toNumberColumn),
  ];
  const rows = measured.map((circuit) => [
    circuit.name,
    formatNumber(circuit.rows),
    circuit.secondsPerProof.toFixed(2),
    rowsPerSecond(circuit).toFixed(1),
    circuit.peakMegabytes.toFixed(0),
  ]);
  return renderTable(columns, rows);
}

/** What a run would take, as a table and a sentence. */
export function renderEstimate(
  { users, proofs, wallSeconds, coreSeconds, cost }: Estimate,
  { workers, mixName }: { readonly workers: number; readonly mixName: string },
): string {
  const columns = [{ title: 'circuit' }, toNumberColumn('rows'), toNumberColumn('proofs')];
  const rows = proofs.map((row) => [row.circuit, formatNumber(row.rows), formatNumber(row.proofs)]);
  const hours = (coreSeconds / 3600).toFixed(coreSeconds < 36_000 ? 2 : 0);
  const price = cost === undefined ? '' : `, ${cost} at the price given`;
  return (
    `${formatCount(users, 'user')}, ${mixName}:\n\n${renderTable(columns, rows)}\n` +
    `About ${formatDuration(wallSeconds)} with ${formatCount(workers, 'worker')} like these: ` +
    `${hours} core hours${price}.\n`
  );
}
