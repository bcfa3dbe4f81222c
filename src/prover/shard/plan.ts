import { z } from 'zod';

import { parseJsonLine, primitives, parseSchema, SolventError } from '../../protocol/index.js';
import { readIfExists } from '../../system/index.js';
import type { BatchCircuit } from '../circuits.js';
import type { ProverCode } from '../errors.js';
import { MAX_PLAN_BYTES } from '../limits.js';

const PLAN_FORMAT = 'solvent/batch-plan/v1';

const schema = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  circuits: z.array(
    z.strictObject({ name: primitives.circuitLabel, batches: primitives.count, accounts: primitives.count }),
  ),
});

/** How many batches, and how many accounts in them, each batch circuit has; circuits in the order of the profile. */
export type BatchPlan = z.infer<typeof schema>;

/** One batch of a plan: the `index`-th of its circuit. */
export type PlannedBatch = { readonly circuit: BatchCircuit; readonly index: number };

/** The plan of these numbers. */
export function buildPlan(circuits: BatchPlan['circuits']): BatchPlan {
  return { format: PLAN_FORMAT, circuits };
}

/**
 * Reads the plan of a run, or undefined where its batches have not been cut yet.
 * @throws SolventError `run-file-malformed` where it is not a plan for these circuits.
 */
export async function loadPlan(
  path: string,
  circuits: readonly BatchCircuit[],
): Promise<BatchPlan | undefined> {
  const bytes = await readIfExists(path);
  if (bytes === undefined) return undefined;
  try {
    const plan = parseSchema(schema, PLAN_FORMAT, parseJsonLine(bytes, MAX_PLAN_BYTES));
    const names = plan.circuits.map(({ name }) => name).join();
    if (names === circuits.map(({ name }) => name).join()) return plan;
  } catch (cause) {
    throw malformed(path, cause);
  }
  throw malformed(path);
}

/** Every batch of a plan, circuit by circuit: the order of the proofs of a bundle. */
export function listBatches(plan: BatchPlan, circuits: readonly BatchCircuit[]): PlannedBatch[] {
  return circuits.flatMap((circuit, place) =>
    Array.from({ length: plan.circuits[place]!.batches }, (_, index) => ({ circuit, index })),
  );
}

function malformed(path: string, cause?: unknown): SolventError<ProverCode> {
  return new SolventError(
    'artefact',
    'run-file-malformed',
    'expected the plan of the batches, got another file: remove the folder it is in and prove again',
    { details: { path }, cause },
  );
}
