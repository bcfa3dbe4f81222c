// Computes witnesses and proves them, one after the other, as a worker does; prints what the process holds more for it
// once it was warm, then with a leak of LEAK bytes a proof planted: a line of JSON each. Arguments: CIRCUIT PROOFS LEAK.
import { readFile } from 'node:fs/promises';

import { EMPTY_ROW, groupCount, wordCount } from '../../../dist/src/protocol/index.js';
import { buildCircuitInput } from '../../../dist/src/prover/commit/commit-batch.js';
import { findEngine } from '../../../dist/src/prover/engine/index.js';
import { compileWasm, WitnessGenerator } from '../../../dist/src/prover/witness/generator.js';

const WARM_UP_PROOFS = 40;
const PLANTED_PROOFS = 40;

const [circuitJson, proofs, leakedBytes] = process.argv.slice(2);
const { layout, wasmPath, zkeyPath } = JSON.parse(circuitJson);
const rows = new Array(layout.rows).fill(EMPTY_ROW);
const groups = new Array(groupCount(layout)).fill(new Array(wordCount(layout)).fill(3n));
const masks = { blind: 1n, total: 2n, cover: 0n, groups };
const input = buildCircuitInput({ layout, rows, masks }, { rho: 5n, x: 1n << 40n, gamma: 7n });

const engine = findEngine('wasm');
const prover = await engine.createProver(await engine.loadKey(zkeyPath));
const generator = new WitnessGenerator(await compileWasm(await readFile(wasmPath)));
const leaked = [];
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function prove(count, leak) {
  for (let made = 0; made < count; made++) {
    await prover.prove(generator.generate(input));
    if (leak > 0) leaked.push(new Uint8Array(leak).fill(1));
  }
}

/** What is reachable, and what the process holds of the machine: native memory shows in the second alone. */
function measureBytes() {
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { reachable: heapUsed + external, resident: rss };
}

async function measureGrowth(count, leak) {
  const before = measureBytes();
  await prove(count, leak);
  const after = measureBytes();
  return {
    proofs: count,
    reachableBytes: after.reachable - before.reachable,
    residentBytes: after.resident - before.resident,
  };
}

await prove(WARM_UP_PROOFS, 0);
print(await measureGrowth(Number(proofs), 0));
print(await measureGrowth(PLANTED_PROOFS, Number(leakedBytes)));
