import { expect } from 'vitest';

import { cacheDirectory } from '../../src/system/index.js';
import { compilerFlags, makeArtefacts } from '../../src/keys/compile/artefacts.js';
import { loadSources, type CircuitSources } from '../../src/keys/compile/sources.js';
import { ConstraintSystem } from './constraint-system.js';
import { ASSERTION_FAILED, loadSymbols, WitnessGenerator, type Signals } from './witness.js';

/** A piece of circuit text that stands in exactly one place, and what a liar computes instead. */
export type Lie = { readonly file: string; readonly truth: string; readonly lie: string };

/** A piece of circuit text that stands in exactly one place, and what stands there in a circuit that is worse. */
export type Mutation = { readonly file: string; readonly original: string; readonly mutant: string };

/** Makes a witness of signals without a single check. */
export type Liar = (signals: Signals) => Promise<bigint[]>;

const OPTIONS = { cacheDirectory: cacheDirectory() };

/** A compiled circuit, its constraints, and witnesses for it: honest ones, and those of liars. */
export class TestedCircuit {
  readonly #name: string;
  readonly #sources: CircuitSources;
  readonly #generator: WitnessGenerator;
  readonly #wires: ReadonlyMap<string, number>;
  readonly system: ConstraintSystem;
  #unchecked: Promise<Liar> | undefined;

  private constructor(
    circuit: { name: string; sources: CircuitSources },
    parts: { generator: WitnessGenerator; system: ConstraintSystem; wires: ReadonlyMap<string, number> },
  ) {
    this.#name = circuit.name;
    this.#sources = circuit.sources;
    this.#generator = parts.generator;
    this.#wires = parts.wires;
    this.system = parts.system;
  }

  /** @param main a main file; it may include the files of circuits/ and circomlib. */
  static async ofMain(name: string, main: string): Promise<TestedCircuit> {
    return TestedCircuit.#ofSources(name, await loadSources(main));
  }

  /** The circuit of a main file with some of its text changed, for showing that what was changed is needed. */
  static async ofMutant(name: string, main: string, mutations: readonly Mutation[]): Promise<TestedCircuit> {
    const sources = new Map(await loadSources(main));
    for (const mutation of mutations) {
      const text = Buffer.from(sources.get(mutation.file)!).toString();
      sources.set(mutation.file, Buffer.from(mutate(text, mutation)));
    }
    return TestedCircuit.#ofSources(`${name}-mutant`, sources);
  }

  static async #ofSources(name: string, sources: CircuitSources): Promise<TestedCircuit> {
    const artefacts = await makeArtefacts(
      { name, sources, flags: compilerFlags({ symbols: true }) },
      OPTIONS,
    );
    return new TestedCircuit(
      { name, sources },
      {
        generator: await WitnessGenerator.load(artefacts.wasmPath),
        system: await ConstraintSystem.load(artefacts.r1csPath),
        wires: await loadSymbols(artefacts.symbolsPath!),
      },
    );
  }

  /** The wires of an honest prover. Rejects with ASSERTION_FAILED where a constraint does not hold. */
  async computeWitness(signals: Signals): Promise<bigint[]> {
    return this.#generator.compute(signals);
  }

  /**
   * A prover who follows every assignment but those that are given as lies, and no constraint: a generator compiled
   * from the same files with every `===` blanked out, which keeps each signal, so that its values can be put on the
   * wires of the real circuit by name. What refuses them then is the constraint system alone.
   */
  async liar(...lies: readonly Lie[]): Promise<Liar> {
    const sources = new Map(
      [...this.#sources].map(([path, bytes]) => {
        const own = lies.filter(({ file }) => file === path);
        const told = own.reduce(tellLie, Buffer.from(bytes).toString());
        return [path, Buffer.from(blankConstraints(told))];
      }),
    );
    const { wasmPath, symbolsPath } = await makeArtefacts(
      { name: `${this.#name}-liar`, sources, flags: ['--O0', '--r1cs', '--wasm', '--sym'] },
      OPTIONS,
    );
    const generator = await WitnessGenerator.load(wasmPath);
    const itsWires = await loadSymbols(symbolsPath!);
    return async (signals) => {
      const values = await generator.compute(signals);
      const witness = new Array<bigint>(this.system.wireCount).fill(0n);
      witness[0] = 1n;
      for (const [name, wire] of this.#wires) witness[wire] = values[itsWires.get(name)!]!;
      return witness;
    };
  }

  /** Expects that the generator makes a witness of these signals, and that it meets every constraint. */
  async expectAccepted(signals: Signals): Promise<bigint[]> {
    const witness = await this.computeWitness(signals);
    expect(this.system.brokenBy(witness)).toEqual([]);
    return witness;
  }

  /**
   * Expects that the generator stops at these signals, and that the constraints refuse the witness of a prover who
   * does not stop.
   */
  async expectRefused(signals: Signals): Promise<void> {
    await expect(this.computeWitness(signals)).rejects.toThrow(ASSERTION_FAILED);
    this.#unchecked ??= this.liar();
    const liar = await this.#unchecked;
    expect(this.system.brokenBy(await liar(signals))).not.toEqual([]);
  }

  /** The wire of a signal, by its full name: `main.digest`. */
  wireOf(name: string): number {
    const wire = this.#wires.get(name);
    if (wire === undefined) throw new Error(`expected a signal that has a wire, got ${name}`);
    return wire;
  }

  /** The names of a wire, for messages. */
  namesOf(wires: readonly number[]): string[] {
    return [...this.#wires].flatMap(([name, wire]) => (wires.includes(wire) ? [name] : []));
  }

  /** A copy of one witness with the wires that match taken from another. */
  splice(witness: readonly bigint[], pattern: RegExp, other: readonly bigint[]): bigint[] {
    const spliced = [...witness];
    const matching = [...this.#wires].filter(([name]) => pattern.test(name));
    if (matching.length === 0) throw new Error(`expected wires that match ${pattern.source}, got none`);
    for (const [, wire] of matching) spliced[wire] = other[wire]!;
    return spliced;
  }
}

/** Names of components hold their place in the file, so that nothing may move: a lie takes no more room. */
function tellLie(source: string, { truth, lie }: Lie): string {
  const parts = source.split(truth);
  if (parts.length !== 2 || lie.length > truth.length) {
    throw new Error(`expected one place for a lie as short as "${truth}", got ${parts.length - 1}`);
  }
  return parts.join(lie.padEnd(truth.length));
}

function mutate(source: string, { original, mutant }: Mutation): string {
  const parts = source.split(original);
  if (parts.length !== 2) throw new Error(`expected one place with "${original}", got ${parts.length - 1}`);
  return parts.join(mutant);
}

function blankConstraints(source: string): string {
  return source.replace(/^[^\n/]*===[^\n]*;/gm, (constraint) => ' '.repeat(constraint.length));
}
