import { encodeJsonLine } from '../../protocol/index.js';
import type { FinishedProof } from '../pool/task.js';

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
