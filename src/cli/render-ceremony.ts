import type { VerifiedCeremony } from '../keys/index.js';
import { formatCount, renderTable } from '../presentation/index.js';

/** A ceremony that was derived again, for programs. */
export function describeCeremony(report: VerifiedCeremony): object {
  const { state, ceremonyHash, transcriptHash, contributions, signers, powersOfTau, keys } = report;
  return {
    state,
    ceremonyHash,
    transcriptHash,
    contributions,
    signers,
    powersOfTau,
    comparedWithPublished: report.comparedWithPublished,
    circuits: keys.map(({ circuit, fingerprint }) => ({ name: circuit.name, fingerprint })),
  };
}

/** What was derived again of a ceremony, and what nobody can derive. */
export function renderCeremony(report: VerifiedCeremony): string {
  const { transcript, state, contributions, signers, powersOfTau, keys } = report;
  const rows = transcript.steps.map((step, index) => [
    String(index + 1),
    step.kind === 'contribution' ? step.contributor : `beacon: ${transcript.beacon}`,
    step.at,
    step.kind === 'contribution' ? (step.signature?.publicKey ?? 'not signed') : step.value,
  ]);
  const powers =
    powersOfTau.source === 'untrusted'
      ? 'UNTRUSTED: whoever made them can forge, whoever contributed afterwards'
      : 'the published Perpetual Powers of Tau';
  return [
    `The keys follow from this source, the powers of tau and ${formatCount(contributions, 'contribution')}.\n\n`,
    renderTable(
      [{ title: 'step', align: 'right' }, { title: 'who' }, { title: 'when' }, { title: 'key, or value' }],
      rows,
    ),
    '\n',
    renderTable(
      [{ title: 'circuit' }, { title: 'fingerprint' }],
      keys.map(({ circuit, fingerprint }) => [circuit.name, fingerprint]),
    ),
    '\n',
    `ceremony       ${report.ceremonyHash}\n`,
    `transcript     ${report.transcriptHash}\n`,
    `state          ${state === 'closed' ? 'closed by its beacon' : 'OPEN: these keys are not yet for use'}\n`,
    `signed by      ${formatCount(signers, 'different key')}\n`,
    `powers of tau  ${powers}\n`,
    `published      ${report.comparedWithPublished ? 'the fingerprints agree' : 'NOT compared: bring a trust file with --trust'}\n`,
    '\nThat one of the contributors forgot their secret is for people to find out: ask them whether the steps are theirs.\n',
    state === 'closed' ? `Compare the beacon's value with the one published by ${transcript.beacon}.\n` : '',
  ].join('');
}
