import {
  deriveNonce,
  INCLUSION_FORMAT,
  parseStatement,
  siblingsOf,
  type Account,
  type BatchProof,
  type InclusionFile,
} from '../../protocol/index.js';
import type { BatchRow } from '../batch/batch-file.js';
import type { BatchTree } from '../batch/tree-file.js';
import type { PlannedBatch } from '../shard/plan.js';
import type { FinishedRun } from './finished-run.js';

/** A batch and all that its users' inclusion files share. */
export type OpenedBatch = {
  readonly batch: PlannedBatch;
  readonly rows: readonly BatchRow[];
  readonly tree: BatchTree;
  readonly proof: BatchProof;
  readonly layers: InclusionFile['layers'];
};

/** Opens the batch at a place in the bundle. @throws SolventError `run-file-malformed`. */
export async function openBatch(run: FinishedRun, place: number, proof: BatchProof): Promise<OpenedBatch> {
  const batch = run.batches[place]!;
  const rows = await run.loadRows(batch);
  const tree = await run.loadTree(batch, rows);
  return { batch, rows, tree, proof, layers: run.layersAbove(place) };
}

/** The inclusion file of the account in a row of a batch. */
export function buildInclusion(
  run: FinishedRun,
  { batch, tree, proof, layers }: OpenedBatch,
  { account, row }: { readonly account: Account; readonly row: number },
): InclusionFile {
  const { userId, holdings, statement } = account;
  return {
    format: INCLUSION_FORMAT,
    manifestHash: run.manifestHash,
    userId,
    nonce: deriveNonce(run.secret, userId).toString(),
    statement: statement === undefined ? null : parseStatement(statement),
    holdings: holdings.map(({ assetIndex, equityUnits, debtUnits }) => ({
      asset: run.manifest.assets[assetIndex]!.symbol,
      equity: equityUnits.toString(),
      debt: debtUnits.toString(),
    })),
    circuit: batch.circuit.name,
    position: row,
    siblings: siblingsOf(tree.levels, row).map((level) => level.map(String)),
    batch: { digest: proof.digest, totals: tree.totalsHash.toString(), proof: proof.proof },
    layers,
  };
}
