import { hashGroup, hashList } from '../rows/commitments.js';
import { areBytesEqual } from '../encoding.js';
import { refuseInclusion } from './codes.js';
import type { PlacedInclusion } from './placement.js';

/**
 * U7: each shown group hashes to the one at its index in its batch, and each batch's groups hash to the list that its
 * commitment states.
 * @throws SolventError `group-hash`, `list-hash`.
 */
export function assertLists({ batches, groups }: PlacedInclusion): void {
  for (const group of groups) {
    const { groupHashes } = batches.find(({ batch }) => batch === group.batch)!;
    const made = hashGroup(group.layout, { ...group, index: group.group });
    if (!areBytesEqual(made, groupHashes[group.group]!)) {
      throw refuseInclusion(
        'group-hash',
        'groups that hash to what their batch states, got one that does not',
      );
    }
  }
  for (const { layout, groupHashes, list } of batches) {
    if (hashList(layout, groupHashes) !== list) {
      throw refuseInclusion('list-hash', 'the groups of the list that the manifest pins, got others');
    }
  }
}
