import { concatBytes } from '../../../protocol/index.js';
import { isSame } from './spend.js';
import { hashTwice } from './transaction.js';

/**
 * Whether a transaction stands at a position of a block. A way that goes beside its own twin on the left is refused: the
 * last hash of an odd row is hashed with itself, and its copy is no transaction (CVE-2012-2459).
 * @param branch the hashes beside the way, the lowest first.
 */
export function isInBlock(
  id: Uint8Array,
  { position, branch }: { readonly position: number; readonly branch: readonly Uint8Array[] },
  root: Uint8Array,
): boolean {
  let hash = id;
  let at = position;
  for (const beside of branch) {
    const isRight = at % 2 === 1;
    if (isRight && isSame(beside, hash)) return false;
    hash = hashTwice(isRight ? concatBytes(beside, hash) : concatBytes(hash, beside));
    at = Math.floor(at / 2);
  }
  return at === 0 && isSame(hash, root);
}

/** The hashes beside the way of one transaction to the root of its block. @param ids of all transactions, in their order. */
export function branchOf(ids: readonly Uint8Array[], position: number): Uint8Array[] {
  const branch: Uint8Array[] = [];
  let row = ids;
  for (let at = position; row.length > 1; at = Math.floor(at / 2)) {
    branch.push(row[at % 2 === 1 ? at - 1 : at + 1] ?? row[at]!);
    const above: Uint8Array[] = [];
    for (let left = 0; left < row.length; left += 2) {
      above.push(hashTwice(concatBytes(row[left]!, row[left + 1] ?? row[left]!)));
    }
    row = above;
  }
  return branch;
}
