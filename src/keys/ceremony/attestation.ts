import { hashCeremony, hashStep, type Transcript } from './transcript.js';

/**
 * What a contributor publishes where people know them: lines of text that name the ceremony and what they did. Whoever
 * later reads a finished transcript looks for the same hashes in it.
 * @param position of the step, counted from 1.
 */
export function formatAttestation(transcript: Transcript, position: number): string {
  const step = transcript.steps[position - 1]!;
  const who = step.kind === 'contribution' ? step.contributor : 'the beacon';
  const lines = [
    `I am ${who}. I contributed to a Solvent ceremony and kept no secret of it.`,
    `ceremony      ${hashCeremony(transcript)}`,
    `profile       ${transcript.profile}`,
    `step          ${position}, ${step.at}`,
    `step hash     ${hashStep(step)}`,
  ];
  for (const { circuit, circuitHash, contributionHash } of step.keys) {
    lines.push(circuit, `  circuit       ${circuitHash}`, `  contribution  ${contributionHash}`);
  }
  if (step.kind === 'contribution' && step.signature !== null) {
    lines.push(`signed by     ${step.signature.publicKey}`);
  }
  return `${lines.join('\n')}\n`;
}
