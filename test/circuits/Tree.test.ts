import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { buildTree, poseidon, rootOf } from '../../src/protocol/index.js';
import { arbitraryField } from './statements.js';
import { TestedCircuit } from './tested-circuit.js';

/** A last node with two leaves, a level with two nodes, and a level that no leaf needs. */
const LEAF_COUNT = 18;
const DEPTH = 3;
const MAIN = `pragma circom 2.2.0;
include "Tree.circom";
component main = Tree(${LEAF_COUNT}, ${DEPTH});
`;

let circuit: TestedCircuit;
beforeAll(async () => {
  circuit = await TestedCircuit.ofMain('tested-tree', MAIN);
});

describe('Tree', () => {
  it('takes H_16 for every node, less 3 for each missing child', () => {
    const h16 = 609;
    expect(circuit.system.constraints).toHaveLength(4 * h16 - 3 * (14 + 14 + 15));
  });

  it('equals its twin on random leaves', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryField, { minLength: LEAF_COUNT, maxLength: LEAF_COUNT }),
        async (leaf) => {
          const witness = await circuit.expectAccepted({ leaf });
          expect(witness[circuit.wireOf('main.root')]).toBe(rootOf(buildTree(poseidon, leaf, DEPTH)));
        },
      ),
      { seed: 3, numRuns: 5 },
    );
  });

  it('leaves no wire free, and ties its root to each leaf and its place', async () => {
    const leaf = Array.from({ length: LEAF_COUNT }, (_, index) => BigInt(index + 1));
    const witness = await circuit.expectAccepted({ leaf });
    expect(circuit.namesOf(circuit.system.freeWires(witness))).toEqual([]);
    const swapped = leaf.with(0, leaf[17]!).with(17, leaf[0]!);
    for (const changed of [leaf.with(0, 0n), leaf.with(17, 0n), swapped]) {
      const other = await circuit.expectAccepted({ leaf: changed });
      expect(circuit.system.brokenBy(circuit.splice(other, /^main\.root$/, witness))).not.toEqual([]);
    }
  });
});
