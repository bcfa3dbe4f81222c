import {
  listCoverTerms,
  parseFieldElement,
  refuseCover,
  spellPoint,
  verifyTotals,
  ZERO,
  type BatchProof,
} from '../../protocol/index.js';
import { formatCount } from '../../presentation/index.js';
import type { Passed } from '../checklist.js';
import type { PairingBackend } from '../pairing/backend.js';
import type { Claim } from './claim.js';

/** 7: (T), over all lines, spot and margin. */
export function checkTotals(
  { manifest, codes, challenges }: Claim,
  proofs: readonly BatchProof[],
): Passed<undefined> {
  const totals = {
    equity: manifest.totals.map(({ equity }) => BigInt(equity)),
    debt: manifest.totals.map(({ debt }) => BigInt(debt)),
  };
  verifyTotals(
    proofs.map(({ L }) => parseFieldElement(L)),
    totals,
    { codes, x: challenges.x },
  );
  return {
    value: undefined,
    compared: `the sum over ${formatCount(proofs.length, 'proof')} with the totals of ${formatCount(manifest.assets.length, 'asset')}`,
  };
}

/** 8: (C), over all lines of margin rows; by the library of pairings, which adds points 20 times as fast. */
export async function checkCover(
  { circuits, commitments, codes, weights, challenges }: Claim,
  proofs: readonly BatchProof[],
  pairing: Pick<PairingBackend, 'isSumZero'>,
): Promise<Passed<undefined>> {
  const margin = commitments.flatMap(({ circuitIndex }, batch) => {
    const layout = circuits[circuitIndex]!.parameters;
    return layout.kind === 'margin' ? [{ layout, cover: parseFieldElement(proofs[batch]!.K!) }] : [];
  });
  const { points, scalars } = listCoverTerms(
    {
      points: weights?.curvePoints ?? [],
      blindOpening: weights === undefined ? ZERO : parseFieldElement(weights.zW),
      layouts: margin.map(({ layout }) => layout),
      covers: margin.map(({ cover }) => cover),
    },
    codes,
    challenges,
  );
  if (!(await pairing.isSumZero(points.map(spellPoint), scalars))) throw refuseCover();
  return {
    value: undefined,
    compared:
      margin.length === 0
        ? 'no margin rows: nobody owes anything'
        : `${formatCount(margin.length, 'proof')} of margin rows with the weighted totals`,
  };
}
