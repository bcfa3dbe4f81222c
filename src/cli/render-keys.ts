import { countConstraints, domainPower, type InitialKeys, type KeySet } from '../keys/index.js';
import { formatCount, formatNumber, renderTable, toNumberColumn } from '../presentation/index.js';
import type { RowLayout } from '../protocol/index.js';

/** A circuit, and what its proving key takes. */
export type CircuitSizes = {
  readonly name: string;
  readonly parameters: RowLayout;
  readonly constraints: number;
  /** A proof is made over 2^domainPower rows of constraints. */
  readonly domainPower: number;
  readonly keySizeBytes: number;
};

/** A key directory for programs. */
export function describeKeys({ profile, provenance, circuits }: KeySet, directory: string): object {
  return {
    directory,
    profile,
    provenance,
    circuits: circuits.map(({ fingerprint, ...circuit }) => ({ ...describeSizes(circuit), fingerprint })),
  };
}

/** The circuits that a ceremony begins with. */
export function describeInitialKeys(keys: InitialKeys['keys']): readonly CircuitSizes[] {
  return keys.map(({ circuit, key }) => describeSizes({ ...circuit, zkeySizeBytes: key.sizeBytes }));
}

/** What each circuit takes, as a table. */
export function renderCircuits(circuits: readonly CircuitSizes[]): string {
  const columns = [
    { title: 'circuit' },
    { title: 'one proof covers' },
    toNumberColumn('constraints'),
    { title: 'domain' },
    toNumberColumn('key, MB'),
  ];
  return renderTable(
    columns,
    circuits.map(({ name, parameters, constraints, domainPower: power, keySizeBytes }) => [
      name,
      `${formatCount(parameters.rows, 'row')} of ${formatCount(parameters.slots, 'slot')}`,
      formatNumber(constraints),
      `2^${power}`,
      formatMegabytes(keySizeBytes),
    ]),
  );
}

/** The circuits of a key directory, and what to do with its files. */
export function renderKeys(keys: KeySet, directory: string): string {
  const { profile, provenance, circuits } = keys;
  return [
    `Keys of the profile ${profile} in ${directory}.\n\n`,
    renderCircuits(circuits.map(describeSizes)),
    '\n',
    provenance.kind === 'insecure-development'
      ? 'INSECURE: development keys. Whoever made them can prove anything; verifiers refuse them unless told otherwise.\n'
      : '',
    `Give verifiers ${directory}/trust.json by another way than the bundle; keep platform-signing-key.pem secret.\n`,
  ].join('');
}

/** Millions of bytes, to a tenth. */
export function formatMegabytes(sizeBytes: number): string {
  return formatNumber(sizeBytes / 1e6, 1);
}

type SizedCircuit = {
  readonly name: string;
  readonly parameters: RowLayout;
  readonly zkeySizeBytes: number;
};

function describeSizes({ name, parameters, zkeySizeBytes }: SizedCircuit): CircuitSizes {
  return {
    name,
    parameters,
    constraints: countConstraints(parameters),
    domainPower: domainPower(parameters),
    keySizeBytes: zkeySizeBytes,
  };
}
