import type { BenchMeasurement, CircuitMeasurement } from './bench-measurement.js';
import type { Estimate } from './bench-estimate.js';
import {
  formatCount,
  formatDuration,
  formatNumber,
  renderTable,
  toNumberColumn,
} from '../presentation/index.js';

/** Users, or children, that one worker gets through in a second. */
export function usersPerSecond({ size, secondsPerProof }: CircuitMeasurement): number {
  return size / secondsPerProof;
}

/** What was measured, as a table. */
export function renderMeasurement({ batches, aggregate }: BenchMeasurement): string {
  const columns = [
    { title: 'circuit' },
    toNumberColumn('holds'),
    toNumberColumn('s a proof'),
    toNumberColumn('users/s and core'),
    toNumberColumn('peak MB'),
  ];
  const rows = batches.map((circuit) => [
    circuit.name,
    formatCount(circuit.size, 'user'),
    circuit.secondsPerProof.toFixed(2),
    usersPerSecond(circuit).toFixed(1),
    circuit.peakMegabytes.toFixed(0),
  ]);
  const { name, size, secondsPerProof, peakMegabytes } = aggregate;
  rows.push([
    name,
    formatCount(size, 'batch', 'batches'),
    secondsPerProof.toFixed(2),
    '',
    peakMegabytes.toFixed(0),
  ]);
  return renderTable(columns, rows);
}

/** What a run would take, as a table and a sentence. */
export function renderEstimate(
  { users, proofs, wallSeconds, coreSeconds, cost }: Estimate,
  { workers, mixName }: { readonly workers: number; readonly mixName: string },
): string {
  const columns = [{ title: 'circuit' }, toNumberColumn('users'), toNumberColumn('proofs')];
  const rows = proofs.map((row, at) => [
    row.circuit,
    at === proofs.length - 1 ? '' : formatNumber(row.users),
    formatNumber(row.proofs),
  ]);
  const hours = (coreSeconds / 3600).toFixed(coreSeconds < 36_000 ? 2 : 0);
  const price = cost === undefined ? '' : `, ${cost} at the price given`;
  return (
    `${formatCount(users, 'user')}, ${mixName}:\n\n${renderTable(columns, rows)}\n` +
    `About ${formatDuration(wallSeconds)} with ${formatCount(workers, 'worker')} like these: ` +
    `${hours} core hours${price}.\n`
  );
}
