import { copyFile } from 'node:fs/promises';

import { hashFile } from '../../../src/system/index.js';
import { ceremonyKeyPath, currentKeyPath, saveTranscript } from '../../../src/keys/ceremony/directory.js';
import { loadTranscript } from '../../../src/keys/ceremony/index.js';
import { readKeyContributions } from '../../../src/keys/ceremony/key-contributions.js';
import {
  currentSha256,
  hashLastStep,
  type Step,
  type StepKey,
} from '../../../src/keys/ceremony/transcript.js';

/** Where the newest key of each circuit of a ceremony is. */
export async function currentKeys(directory: string): Promise<{ name: string; path: string }[]> {
  const transcript = await loadTranscript(directory);
  return transcript.circuits.map((circuit) => ({
    name: circuit.name,
    path: currentKeyPath(directory, transcript, circuit),
  }));
}

/**
 * Writes a step into a ceremony by hand, with keys that were made elsewhere: `make` writes the key after the step from
 * the one before. The transcript is then as consistent as an attacker can make it.
 */
export async function writeStep(
  directory: string,
  author: { contributor: string } | { value: string },
  make: (before: string, after: string) => Promise<unknown>,
): Promise<void> {
  const transcript = await loadTranscript(directory);
  const keys: StepKey[] = [];
  for (const circuit of transcript.circuits) {
    const before = currentKeyPath(directory, transcript, circuit);
    const made = `${before}.made`;
    await make(before, made);
    const afterSha256 = await hashFile(made);
    await copyFile(made, ceremonyKeyPath(directory, circuit.name, afterSha256));
    const { contributions } = await readKeyContributions(made).catch(() => ({ contributions: [] }));
    keys.push({
      circuit: circuit.name,
      circuitHash: circuit.circuitHash,
      beforeSha256: currentSha256(transcript, circuit.name),
      contributionHash: contributions.at(-1)?.contributionHash ?? '0'.repeat(128),
      afterSha256,
    });
  }
  const common = { at: transcript.beganAt, previous: hashLastStep(transcript), keys };
  const step: Step =
    'value' in author
      ? { kind: 'beacon', value: author.value, iterationsExponent: 10, ...common }
      : { kind: 'contribution', contributor: author.contributor, signature: null, ...common };
  await saveTranscript(directory, { ...transcript, steps: [...transcript.steps, step] });
}
