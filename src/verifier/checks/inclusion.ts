import {
  areHoldingsEqual,
  commitAccount,
  computeDigest,
  computeNetValue,
  computeRoot,
  deriveIdHash,
  hashLeaf,
  hashStatement,
  packLeaf,
  parseFieldElement,
  sumStatement,
  type FieldElement,
  type Holding,
  type InclusionFile,
} from '../../protocol/index.js';
import { recomputeLines } from '../../protocol/valuation/index.js';
import type { Passed } from '../checklist.js';
import { refuse } from '../failure.js';
import { formatCount } from '../../presentation/index.js';
import type { BundleProofs } from './reading.js';
import { batchCircuitOf, type Claim } from './claim.js';
import { childrenOf, nullDigestOf, type CheckedNode } from './tree.js';

/** A user's row as the leaf holds it: its packed words, and the holdings that are in them. */
export type OpenedRow = { readonly words: readonly FieldElement[]; readonly holdings: readonly Holding[] };

/**
 * 6.6: each layer's digest is that of its children and totals, the layer below is its child at the stated slot,
 * and the last is the top. Returns the top.
 */
export function checkLayers(claim: Claim, { batch, layers }: InclusionFile): Passed<CheckedNode> {
  const nullDigest = nullDigestOf(claim);
  const nodes = layers.map((layer, index) => ({ ...layer, place: `layer ${index + 1}` }));
  let below = batch.digest;
  for (const node of nodes) {
    const children = childrenOf(claim, node, nullDigest);
    if (node.slot >= children.length) {
      throw refuse(
        'slot-beyond-circuit',
        `expected a slot below ${children.length} in ${node.place}, got ${node.slot}`,
      );
    }
    if (children[node.slot] !== below) {
      throw refuse(
        'slot-differs',
        `expected digest ${below} at slot ${node.slot} of ${node.place}, got another`,
      );
    }
    below = node.digest;
  }
  if (below !== claim.manifest.top.digest) {
    throw refuse('path-not-to-top', `expected the top's digest ${claim.manifest.top.digest}, got ${below}`);
  }
  return {
    value: nodes.at(-1)!,
    compared: `${formatCount(layers.length, 'layer')}, from the batch to the top of the manifest`,
  };
}

/** 6.8: the id of the file is the one that its reader knows to be theirs; the leaf is then made from the latter. */
export function checkUser(file: InclusionFile, userId: string): Passed<undefined> {
  if (file.userId !== userId)
    throw refuse('user-id-differs', 'expected the id that you gave, got another one');
  return { value: undefined, compared: 'the id in the file with the one you gave' };
}

/**
 * 6.8: the holdings in the layout of the circuit: of listed assets, distinct and in order, none empty, and worth
 * at least their debts at the published prices.
 */
export function checkHoldings(claim: Claim, file: InclusionFile): Passed<OpenedRow> {
  const { parameters } = batchCircuitOf(claim, file.circuit);
  const indexes = new Map(claim.manifest.assets.map(({ symbol }, index) => [symbol, index]));
  const holdings = file.holdings.map(({ asset, equity, debt }): Holding => {
    const assetIndex = indexes.get(asset);
    if (assetIndex === undefined) {
      throw refuse('holding-not-listed', 'expected holdings of listed assets, got one of another asset');
    }
    return { assetIndex, equityUnits: BigInt(equity), debtUnits: BigInt(debt) };
  });
  const netValue = parameters.kind === 'margin' ? computeNetValue(claim.prices, holdings) : 0n;
  if (netValue < 0n) {
    throw refuse('net-value-negative', 'expected collateral that covers the debt, got less');
  }
  const words = packLeaf(parameters, holdings, netValue);
  return {
    value: { words, holdings },
    compared: `${holdings.length} holdings in ${parameters.slots} slots of ${file.circuit}`,
  };
}

/**
 * 6.8: the lines of the user's statement are in order, of listed assets and whole proof units, and add up to exactly the
 * holdings; the value of each follows from what it states, at the published prices. Returns its hash, 0 where the platform gives none: a statement that is kept back leaves another leaf.
 */
export function checkLines(
  { manifest }: Claim,
  { statement }: InclusionFile,
  { holdings }: OpenedRow,
): Passed<FieldElement> {
  if (statement === null) {
    return { value: parseFieldElement('0'), compared: 'no itemised statement, and none in the leaf' };
  }
  if (!areHoldingsEqual(sumStatement(statement.lines, manifest.assets), holdings)) {
    throw refuse('statement-does-not-add-up', 'expected lines that add up to the holdings, got others');
  }
  recomputeLines(statement.lines, manifest);
  return {
    value: hashStatement(statement),
    compared: `${formatCount(statement.lines.length, 'line')}, each made again from what it states, with ${formatCount(holdings.length, 'holding')}, to the last proof unit`,
  };
}

/**
 * 6.8: the leaf of the given id, statement and holdings, at a row of the batch, over a path as long as the circuit's tree is
 * deep, gives the digest that the batch proof is about. A row beyond the last is 0 in the circuit, so no leaf is
 * there; a node is no leaf, since the length of the path is the circuit's.
 */
export function checkLeaf(
  claim: Claim,
  file: InclusionFile,
  {
    userId,
    words,
    statementHash,
  }: OpenedRow & { readonly userId: string; readonly statementHash: FieldElement },
): Passed<undefined> {
  const { parameters, tag } = batchCircuitOf(claim, file.circuit);
  if (file.position >= parameters.users) {
    throw refuse(
      'position-beyond-batch',
      `expected a position below ${parameters.users}, got ${file.position}`,
    );
  }
  if (file.siblings.length !== parameters.depth) {
    throw refuse('path-length-differs', `expected ${parameters.depth} levels, got ${file.siblings.length}`);
  }
  const account = commitAccount(claim.hash, {
    idHash: deriveIdHash(claim.manifest.platform, userId),
    nonce: parseFieldElement(file.nonce),
    statement: statementHash,
  });
  const root = computeRoot(
    claim.hash,
    { hash: hashLeaf(claim.hash, account, words), position: file.position },
    file.siblings.map((level) => level.map(parseFieldElement)),
  );
  const totals = parseFieldElement(file.batch.totals);
  const digest = computeDigest(claim.hash, { tag, root, totals }).toString();
  if (file.batch.digest !== digest) {
    throw refuse('batch-digest-differs', `expected the batch digest ${file.batch.digest}, got ${digest}`);
  }
  return {
    value: undefined,
    compared: `the batch digest ${digest}, made from the id you gave, the statement and the holdings`,
  };
}

/** 6.8: the batch and each layer of the path are proofs of the bundle, the batch under the same circuit. */
export function checkPathInBundle(file: InclusionFile, proofs: BundleProofs): Passed<undefined> {
  const batch = proofs.batches.find(({ digest }) => digest === file.batch.digest);
  if (batch?.circuit !== file.circuit) {
    throw refuse(
      'batch-not-in-bundle',
      `expected batch ${file.batch.digest} of ${file.circuit} in the bundle, got none`,
    );
  }
  const aggregates = new Set(proofs.aggregates.map(({ digest }) => digest));
  const missing = file.layers.find(({ digest }) => !aggregates.has(digest));
  if (missing !== undefined) {
    throw refuse('batch-not-in-bundle', `expected aggregate ${missing.digest} in the bundle, got none`);
  }
  return {
    value: undefined,
    compared: `1 batch and ${formatCount(file.layers.length, 'aggregate')} with those of the bundle`,
  };
}
