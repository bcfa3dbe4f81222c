import { encodeJsonLine, SolventError, type FieldElement } from '../../protocol/index.js';
import type { BatchValues, Challenges, RowLayout } from '../../protocol/rows/index.js';
import { groupCount, wordCount } from '../../protocol/rows/index.js';
import { listPublicSignals } from '../commit/row-circuit-input.js';
import type { ProverCode } from '../errors.js';
import { loadStoredProof, type StoredProof } from '../proof-file.js';
import type { AwaitedProof } from './prove-batches.js';
import type { RowRunPaths } from './paths.js';

/** A finished proof with the values that it shows. */
export type FinishedProof = { readonly values: BatchValues; readonly proof: StoredProof['proof'] };

/**
 * The finished proof of a batch.
 * @throws SolventError `run-incomplete` where there is none of this digest under these challenges.
 */
export async function loadFinishedProof(
  { index, circuit, digest }: AwaitedProof,
  challenges: Challenges,
  paths: RowRunPaths,
): Promise<FinishedProof> {
  const stored = await loadStoredProof(paths.proof(index));
  const values = stored && readValues(circuit.parameters, stored.publicSignals);
  const expected = values && listPublicSignals(digest, values, challenges).join();
  if (stored === undefined || values === undefined || expected !== stored.publicSignals.join()) {
    throw new SolventError<ProverCode>(
      'usage',
      'run-incomplete',
      `expected the proof of batch ${index}, got none of it: run the command again`,
    );
  }
  return { values, proof: stored.proof };
}

/** `proofs.ndjson`: a line a proof, in the order of commitments. */
export function encodeProofs(proofs: readonly FinishedProof[]): Uint8Array {
  return Buffer.concat(
    proofs.map(({ values: { total, cover, openings }, proof }) =>
      encodeJsonLine({
        ...(cover === null ? {} : { K: cover.toString() }),
        L: total.toString(),
        proof,
        z: openings.map(String),
      }),
    ),
  );
}

/** L, K and z of public signals, by their places. */
function readValues(layout: RowLayout, signals: readonly FieldElement[]): BatchValues | undefined {
  const isMargin = layout.kind === 'margin';
  const first = isMargin ? 3 : 2;
  const openings = signals.slice(first, first + groupCount(layout) * wordCount(layout));
  const total = signals[1];
  const cover = isMargin ? signals[2] : null;
  return total === undefined || cover === undefined ? undefined : { total, cover, openings };
}
