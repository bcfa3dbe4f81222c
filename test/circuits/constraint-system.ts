import { createRequire } from 'node:module';

import { FIELD_MODULUS } from '../../src/protocol/index.js';

type LinearCombination = readonly (readonly [wire: number, coefficient: bigint])[];
type Constraint = {
  readonly a: LinearCombination;
  readonly b: LinearCombination;
  readonly c: LinearCombination;
};

type R1csFile = {
  readonly nVars: number;
  readonly nOutputs: number;
  readonly nPubInputs: number;
  readonly constraints: readonly (readonly [Terms, Terms, Terms])[];
};
type Terms = Readonly<Record<string, bigint>>;
type R1csReader = {
  readR1cs(path: string, options: object): Promise<R1csFile>;
};

const r1csFile = createRequire(import.meta.url)('r1csfile') as R1csReader;

/** Coefficients as integers: what r1csfile needs of a field, without a curve and its threads. */
const INTEGERS = {
  p: FIELD_MODULUS,
  fromRprLE: (bytes: Uint8Array, offset: number): bigint =>
    BigInt(
      `0x${Buffer.from(bytes.subarray(offset, offset + 32))
        .reverse()
        .toString('hex')}`,
    ),
};

/** The constraints of a compiled circuit, to hold any vector of wires against, wherever it came from. */
export class ConstraintSystem {
  readonly wireCount: number;
  /** Wires 1 to this number are the public signals. */
  readonly publicCount: number;
  readonly constraints: readonly Constraint[];

  private constructor(file: R1csFile) {
    this.wireCount = file.nVars;
    this.publicCount = file.nOutputs + file.nPubInputs;
    this.constraints = file.constraints.map(([a, b, c]) => ({
      a: toCombination(a),
      b: toCombination(b),
      c: toCombination(c),
    }));
  }

  static async load(path: string): Promise<ConstraintSystem> {
    return new ConstraintSystem(await r1csFile.readR1cs(path, { F: INTEGERS }));
  }

  /** The constraints that a vector of wires breaks, by number. */
  brokenBy(witness: readonly bigint[]): number[] {
    if (witness.length !== this.wireCount || witness[0] !== 1n) {
      throw new Error(`expected ${this.wireCount} wires, the first 1, got ${witness.length}`);
    }
    return this.constraints.flatMap(({ a, b, c }, number) =>
      reduce(evaluate(a, witness) * evaluate(b, witness) - evaluate(c, witness)) === 0n ? [] : [number],
    );
  }

  /** Wires that can be one more with every constraint still met. The witness itself must meet them all. */
  freeWires(witness: readonly bigint[]): number[] {
    const free = new Set(witness.keys());
    free.delete(0);
    for (const { a, b, c } of this.constraints) {
      const [valueA, valueB, valueC] = [evaluate(a, witness), evaluate(b, witness), evaluate(c, witness)];
      const [termsA, termsB, termsC] = [new Map(a), new Map(b), new Map(c)];
      for (const wire of new Set([...termsA.keys(), ...termsB.keys(), ...termsC.keys()])) {
        const movedA = valueA + (termsA.get(wire) ?? 0n);
        const movedB = valueB + (termsB.get(wire) ?? 0n);
        const movedC = valueC + (termsC.get(wire) ?? 0n);
        if (reduce(movedA * movedB - movedC) !== 0n) free.delete(wire);
      }
    }
    return [...free];
  }

  /**
   * Wires that do not follow from the given ones by one constraint after the other, each of which has one unknown, and that
   * in its linear part: none means that there is one witness for each value of the given wires.
   */
  undeterminedBy(given: readonly number[]): number[] {
    const known = new Set([0, ...given]);
    const isUnknown = ([wire]: readonly [number, bigint]) => !known.has(wire);
    let waiting = [...this.constraints];
    for (let before = Infinity; waiting.length < before;) {
      before = waiting.length;
      waiting = waiting.filter(({ a, b, c }) => {
        const unknown = c.filter(isUnknown);
        if (unknown.length > 1 || a.some(isUnknown) || b.some(isUnknown)) return true;
        for (const [wire] of unknown) known.add(wire);
        return false;
      });
    }
    return Array.from({ length: this.wireCount }, (_, wire) => wire).filter((wire) => !known.has(wire));
  }
}

function toCombination(terms: Terms): LinearCombination {
  return Object.entries(terms).map(([wire, coefficient]) => [Number(wire), coefficient]);
}

function evaluate(combination: LinearCombination, witness: readonly bigint[]): bigint {
  let sum = 0n;
  for (const [wire, coefficient] of combination) sum += coefficient * witness[wire]!;
  return reduce(sum);
}

function reduce(value: bigint): bigint {
  const remainder = value % FIELD_MODULUS;
  return remainder < 0n ? remainder + FIELD_MODULUS : remainder;
}
