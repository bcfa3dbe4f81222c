import type { CeremonyProgress, CeremonyStage, OnCeremonyProgress } from '../keys/index.js';
import type { OutputFlags } from './output.js';
import { createProgress } from './progress.js';

const TITLES: Readonly<Record<CeremonyStage, string>> = {
  'reading powers of tau': 'Reading the powers of tau',
  compiling: 'Compiling circuits',
  'making the initial key': 'Making the initial key',
  'checking the key': 'Checking the key',
  contributing: 'Contributing',
  'applying the beacon': 'Applying the beacon',
  verifying: 'Verifying',
  installing: 'Installing keys',
};

/** Runs a step of a ceremony and shows how far it is, unless quiet was asked for. */
export async function withCeremonyProgress<T>(
  { quiet }: OutputFlags,
  run: (onProgress: OnCeremonyProgress) => Promise<T>,
): Promise<T> {
  const progress = createProgress({ quiet });
  try {
    return await run(({ stage, circuit, part, done, total }: CeremonyProgress) => {
      const isPerCircuit = stage !== 'compiling' && stage !== 'installing' && circuit !== undefined;
      const what = [circuit, part].filter((word) => word !== undefined).join(', ');
      progress.report({ stage: isPerCircuit ? `${TITLES[stage]}: ${what}` : TITLES[stage], done, total });
    });
  } finally {
    progress.finish();
  }
}
