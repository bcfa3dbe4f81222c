import { expect, it } from 'vitest';

import { createPairing } from '../../src/verifier/index.js';
import { fuzz } from '../../conformance/adversary/fuzz.js';

// Another seed tries other files: SOLVENT_FUZZ_SEED=7 SOLVENT_FUZZ_RUNS=5000.
const seed = Number(process.env.SOLVENT_FUZZ_SEED ?? 1);
const runs = Number(process.env.SOLVENT_FUZZ_RUNS ?? 200);

it(`accepts no file that was changed at random, and gives each a verdict (seed ${seed}, ${runs} runs)`, async () => {
  expect(await fuzz(await createPairing(), { seed, runs })).toEqual([]);
});
