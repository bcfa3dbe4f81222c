import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runCompiler } from '../../../src/keys/compile/artefacts.js';
import { snarkjs } from './snarkjs.js';

/** Public: `c`, then `shown`. `c` goes through twenty products; `spare` is a wire that B never sees. */
const writeSource = (products: number) => `pragma circom 2.2.0;
template Toy(n) {
    signal input a;
    signal input b;
    signal input shown;
    signal output c;
    signal steps[n + 1];
    steps[0] <== a * b;
    for (var i = 0; i < n; i++) {
        steps[i + 1] <== (steps[i] + 3 * a - b + 7) * (steps[i] + shown + i);
    }
    c <== steps[n];
    signal spare;
    spare <== shown * shown;
}
component main {public [shown]} = Toy(${products});
`;

/** A small circuit in a directory of its own. */
export type ToyCircuit = {
  readonly directory: string;
  readonly r1csPath: string;
  readonly wasmPath: string;
  readonly remove: () => Promise<void>;
};

/** Compiles the toy circuit, or one of more products, with circom itself. */
export async function compileToy(products = 20): Promise<ToyCircuit> {
  const directory = await mkdtemp(join(tmpdir(), 'solvent-toy-'));
  await writeFile(join(directory, 'toy.circom'), writeSource(products));
  await runCompiler(directory, 'toy.circom', ['--O2', '--r1cs', '--wasm']);
  return {
    directory,
    r1csPath: join(directory, 'toy.r1cs'),
    wasmPath: join(directory, 'toy_js', 'toy.wasm'),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** An honest witness of the toy circuit, as the bytes of a `.wtns` file. */
export async function computeToyWitness(circuit: ToyCircuit): Promise<Uint8Array> {
  const target = { type: 'mem' } as { type: 'mem'; data: Uint8Array };
  await snarkjs.wtns.calculate({ a: 3n, b: 11n, shown: 5n }, circuit.wasmPath, target);
  return target.data;
}
