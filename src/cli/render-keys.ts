import type { KeySet } from '../keys/index.js';
import { renderTable } from './table.js';

/** The circuits of a key folder, and what to do with its files. */
export function renderKeys({ profile, provenance, circuits }: KeySet, directory: string): string {
  const rows = circuits.map(({ name, parameters, fingerprint }) => [
    name,
    parameters.kind === 'aggregate' ? `${parameters.children} proofs` : `${parameters.users} accounts`,
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
