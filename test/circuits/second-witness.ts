import { FIELD_MODULUS } from '../../src/protocol/index.js';
import type { ConstraintSystem } from './constraint-system.js';

/** A wire's change as a linear form of free parameters. */
type Form = ReadonlyMap<number, bigint>;

const ZERO: Form = new Map();

/**
 * Looks for a second witness beside a given one, all public signals fixed: the dimension of the changes of private wires
 * that no constraint notices to first order. With 0 the witness stands alone: whoever has another one has not moved away
 * from this one but found, say, a collision of hashes.
 *
 * It solves the linearised constraints one unknown at a time; where none has a single unknown left, one more wire becomes
 * a parameter.
 * @param dropped constraints to leave out, by number.
 */
export function countFreeDirections(
  system: ConstraintSystem,
  witness: readonly bigint[],
  dropped: ReadonlySet<number> = new Set(),
): number {
  const search = new LinearisedSearch(system, witness, dropped);
  return search.run();
}

class LinearisedSearch {
  readonly #rows: Map<number, bigint>[];
  readonly #rowsOfWire = new Map<number, number[]>();
  readonly #unknowns: number[];
  readonly #forms = new Map<number, Form>();
  readonly #wireCount: number;
  /** In echelon form: by the parameter that each leads with. */
  readonly #equations = new Map<number, Form>();
  #parameters = 0;

  constructor(system: ConstraintSystem, witness: readonly bigint[], dropped: ReadonlySet<number>) {
    this.#wireCount = system.wireCount;
    for (let wire = 0; wire <= system.publicCount; wire++) this.#forms.set(wire, ZERO);
    this.#rows = system.constraints
      .filter((_, number) => !dropped.has(number))
      .map(({ a, b, c }) => {
        const row = new Map<number, bigint>();
        addTerms(row, a, dot(b, witness));
        addTerms(row, b, dot(a, witness));
        addTerms(row, c, -1n);
        for (const [wire, coefficient] of row) if (coefficient === 0n) row.delete(wire);
        return row;
      });
    this.#rows.forEach((row, number) => {
      for (const wire of row.keys()) {
        if (this.#forms.has(wire)) continue;
        const rows = this.#rowsOfWire.get(wire);
        if (rows === undefined) this.#rowsOfWire.set(wire, [number]);
        else rows.push(number);
      }
    });
    this.#unknowns = this.#rows.map((row) => [...row.keys()].filter((wire) => !this.#forms.has(wire)).length);
  }

  run(): number {
    const ready = this.#unknowns.flatMap((count, number) => (count <= 1 ? [number] : []));
    for (;;) {
      for (let number = ready.pop(); number !== undefined; number = ready.pop()) this.#solve(number, ready);
      const open = this.#leastOpenRow();
      if (open === undefined) break;
      const wire = [...this.#rows[open]!.keys()].find((candidate) => !this.#forms.has(candidate))!;
      this.#settle(wire, new Map([[this.#parameters++, 1n]]), ready);
    }
    const inNoConstraint = this.#wireCount - this.#forms.size;
    return this.#parameters - this.#equations.size + inNoConstraint;
  }

  /** A row with one unknown gives its form; one with none gives an equation between parameters. */
  #solve(number: number, ready: number[]): void {
    const row = this.#rows[number]!;
    const sum = new Map<number, bigint>();
    let unknown: number | undefined;
    for (const [wire, coefficient] of row) {
      const form = this.#forms.get(wire);
      if (form === undefined) unknown = wire;
      else addTerms(sum, form, coefficient);
    }
    if (unknown === undefined) {
      this.#require(sum);
      return;
    }
    const scale = invert(reduce(-row.get(unknown)!));
    this.#settle(
      unknown,
      new Map([...sum].map(([parameter, value]) => [parameter, reduce(value * scale)])),
      ready,
    );
  }

  #settle(wire: number, form: Form, ready: number[]): void {
    this.#forms.set(wire, form);
    for (const number of this.#rowsOfWire.get(wire) ?? []) {
      this.#unknowns[number]! -= 1;
      if (this.#unknowns[number]! <= 1) ready.push(number);
    }
  }

  #require(equation: Map<number, bigint>): void {
    for (;;) {
      const lead = [...equation].find(([, value]) => value !== 0n);
      if (lead === undefined) return;
      const [parameter, value] = lead;
      const known = this.#equations.get(parameter);
      if (known === undefined) {
        const scale = invert(value);
        const rest = [...equation].filter(([, factor]) => factor !== 0n);
        this.#equations.set(parameter, new Map(rest.map(([name, factor]) => [name, reduce(factor * scale)])));
        return;
      }
      addTerms(equation, known, -value);
      equation.delete(parameter);
    }
  }

  #leastOpenRow(): number | undefined {
    let least: number | undefined;
    this.#unknowns.forEach((count, number) => {
      if (count >= 2 && (least === undefined || count < this.#unknowns[least]!)) least = number;
    });
    return least;
  }
}

function addTerms(
  target: Map<number, bigint>,
  terms: Iterable<readonly [number, bigint]>,
  factor: bigint,
): void {
  if (factor === 0n) return;
  for (const [name, value] of terms) target.set(name, reduce((target.get(name) ?? 0n) + value * factor));
}

function dot(terms: Iterable<readonly [number, bigint]>, witness: readonly bigint[]): bigint {
  let sum = 0n;
  for (const [wire, coefficient] of terms) sum += coefficient * witness[wire]!;
  return reduce(sum);
}

function reduce(value: bigint): bigint {
  const remainder = value % FIELD_MODULUS;
  return remainder < 0n ? remainder + FIELD_MODULUS : remainder;
}

/** By Euclid's algorithm; the value is not 0. */
function invert(value: bigint): bigint {
  let [previous, remainder] = [FIELD_MODULUS as bigint, value];
  let [previousFactor, factor] = [0n, 1n];
  while (remainder !== 0n) {
    const quotient = previous / remainder;
    [previous, remainder] = [remainder, previous - quotient * remainder];
    [previousFactor, factor] = [factor, previousFactor - quotient * factor];
  }
  return reduce(previousFactor);
}
