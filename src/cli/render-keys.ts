import type { KeySet } from '../keys/index.js';
import { formatCount, renderTable } from '../presentation/index.js';

/** A key folder for programs. */
export function describeKeys({ profile, provenance, circuits }: KeySet, directory: string): object {
  return {
    directory,
    profile,
    provenance,
    circuits: circuits.map(({ name, fingerprint }) => ({ name, fingerprint })),
  };
}

/** The circuits of a key folder, and what to do with its files. */
export function renderKeys({ profile, provenance, circuits }: KeySet, directory: string): string {
  const rows = circuits.map(({ name, parameters, fingerprint }) => [
    name,
    parameters.kind === 'aggregate'
      ? formatCount(parameters.children, 'proof')
      : formatCount(parameters.users, 'account'),
    fingerprint,
  ]);
  return [
    `Keys of the profile ${profile} in ${directory}.\n\n`,
    renderTable([{ title: 'circuit' }, { title: 'one proof covers' }, { title: 'fingerprint' }], rows),
    '\n',
    provenance.kind === 'insecure-development'
      ? 'INSECURE: development keys. Whoever made them can prove anything; verifiers refuse them unless told otherwise.\n'
      : '',
    `Give verifiers ${directory}/trust.json by another way than the bundle; keep platform-signing-key.pem secret.\n`,
  ].join('');
}
