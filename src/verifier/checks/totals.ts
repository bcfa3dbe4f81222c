import { computeDigest, parseFieldElement } from '../../protocol/index.js';
import type { Passed } from '../checklist.js';
import { refuse } from '../failure.js';
import { commitStatedTotals, type Claim } from './claim.js';
import { computeChildrenRoot, type CheckedNode } from './tree.js';

/**
 * 6.7: the stated totals are one for each listed asset, in order, each below 2^108 by the schema, and with 0 for
 * every other column they are what the top commits to.
 */
export function checkTotals(claim: Claim, top: CheckedNode): Passed<undefined> {
  const { manifest, aggregate, hash } = claim;
  const listed = manifest.assets.map(({ symbol }) => symbol);
  const stated = manifest.totals.map(({ asset }) => asset);
  if (stated.join(' ') !== listed.join(' ')) {
    throw refuse('totals-not-of-assets', `expected totals of ${listed.join(', ')}, got ${stated.join(', ')}`);
  }
  const root = computeChildrenRoot(hash, top.children);
  if (manifest.top.root !== root.toString()) {
    throw refuse('top-root-differs', `expected the root ${root.toString()}, got ${manifest.top.root}`);
  }
  const totals = commitStatedTotals(claim);
  if (top.totals !== totals.toString()) {
    throw refuse(
      'top-totals-differ',
      `expected the commitment ${top.totals} of the proofs, got ${totals.toString()}`,
    );
  }
  const digest = computeDigest(hash, { tag: aggregate.tag, root, totals });
  if (digest !== parseFieldElement(manifest.top.digest)) {
    throw refuse(
      'top-totals-differ',
      `expected the top's digest ${manifest.top.digest}, got ${digest.toString()}`,
    );
  }
  return { value: undefined, compared: `${listed.length} totals, opened with the published blind` };
}
