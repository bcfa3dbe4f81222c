import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { modulo } from './equations.js';
import { arbitraryField } from './batches.js';
import { TestedCircuit } from './tested-circuit.js';

const WORDS = 2;
const ROWS = 5;
const list = <T>(value: fc.Arbitrary<T>, length: number) =>
  fc.array(value, { minLength: length, maxLength: length });

describe.each([
  ['a short last group', 2],
  ['fewer rows than a group has', 32],
  ['one row a group', 1],
])('GroupOpenings with %s', (_, groupRows) => {
  const groups = Math.ceil(ROWS / groupRows);
  let circuit: TestedCircuit;
  beforeAll(async () => {
    circuit = await TestedCircuit.ofMain(
      'tested-group-openings',
      `pragma circom 2.2.0;
include "GroupOpenings.circom";
component main = GroupOpenings(${ROWS}, ${WORDS}, ${groupRows});
`,
    );
  });

  it('takes a constraint for each word', () => {
    expect(circuit.system.constraints).toHaveLength(ROWS * WORDS);
  });

  it('adds the words of each group by powers of rho that begin with the first', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryField,
        list(list(arbitraryField, WORDS), groups),
        list(list(arbitraryField, WORDS), ROWS),
        async (rho, mask, word) => {
          const witness = await circuit.expectAccepted({ rho, mask, word });
          const expected = mask.flatMap((own, group) =>
            own.map((first, index) => {
              let sum: bigint = first;
              let power = 1n;
              for (const row of word.slice(group * groupRows, (group + 1) * groupRows)) {
                power = modulo(power * rho);
                sum += power * row[index]!;
              }
              return modulo(sum);
            }),
          );
          expect(witness.slice(1, 1 + groups * WORDS)).toEqual(expected);
        },
      ),
      { seed: 5, numRuns: 5 },
    );
  });

  it('leaves no wire free', async () => {
    const mask = Array.from({ length: groups }, (_, group) => [BigInt(group), 7n]);
    const word = Array.from({ length: ROWS }, (_, row) => [BigInt(row), 1n << 200n]);
    const witness = await circuit.expectAccepted({ rho: 3n, mask, word });
    expect(circuit.namesOf(circuit.system.freeWires(witness))).toEqual([]);
  });
});
