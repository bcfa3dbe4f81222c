import type { FieldElement } from './field.js';
import { TREE_ARITY } from './limits.js';
import type { Poseidon } from './poseidon.js';

const ZERO = 0n as FieldElement;

/**
 * The levels of a tree of arity 16 and the given depth, leaves first, root last. At every level a missing node
 * is 0; a node all of whose children are missing is missing too.
 */
export function buildTree(hash: Poseidon, leaves: readonly FieldElement[], depth: number): FieldElement[][] {
  const levels: FieldElement[][] = [[...leaves]];
  for (let level = 0; level < depth; level++) {
    const below = levels[level]!;
    const nodes: FieldElement[] = [];
    for (let start = 0; start < below.length; start += TREE_ARITY) {
      nodes.push(hash(padChildren(below.slice(start, start + TREE_ARITY))));
    }
    levels.push(nodes);
  }
  return levels;
}

/** The root of a tree that `buildTree` made. */
export function rootOf(levels: readonly (readonly FieldElement[])[]): FieldElement {
  return levels.at(-1)![0]!;
}

/** The 15 siblings of a leaf at each level, from the leaves up, in their order. */
export function siblingsOf(
  levels: readonly (readonly FieldElement[])[],
  leafPosition: number,
): FieldElement[][] {
  let position = leafPosition;
  return levels.slice(0, -1).map((nodes) => {
    const start = position - (position % TREE_ARITY);
    const group = padChildren(nodes.slice(start, start + TREE_ARITY));
    group.splice(position % TREE_ARITY, 1);
    position = Math.floor(position / TREE_ARITY);
    return group;
  });
}

/**
 * The root that a leaf at a position leads to. The caller holds the number of levels and the position to the
 * circuit's parameters: this function takes any.
 */
export function computeRoot(
  hash: Poseidon,
  leaf: { hash: FieldElement; position: number },
  siblings: readonly (readonly FieldElement[])[],
): FieldElement {
  let node = leaf.hash;
  let position = leaf.position;
  for (const level of siblings) {
    const slot = position % TREE_ARITY;
    node = hash([...level.slice(0, slot), node, ...level.slice(slot)]);
    position = Math.floor(position / TREE_ARITY);
  }
  return node;
}

function padChildren(children: readonly FieldElement[]): FieldElement[] {
  return [...children, ...new Array<FieldElement>(TREE_ARITY - children.length).fill(ZERO)];
}
