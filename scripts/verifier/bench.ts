// Verifies the same proofs by this verifier and by stock snarkjs in one run, and @noble/curves for comparison.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { bn254 } from '@noble/curves/bn254.js';
import { Option } from 'commander';

import {
  nameOfLayout,
  parseFieldElement,
  PROFILES,
  publicSignalCount,
  type Proof,
  type VerificationKey,
} from '../../src/protocol/index.js';
import { createPairing, type PairingBackend, type ProofClaim } from '../../src/verifier/index.js';
import { createPairingPool } from '../../src/verifier/node/pairing-pool.js';
import { describeScript, parseFrom } from '../command-line.js';
import { simulateKey, startSimulation } from '../../conformance/adversary/simulated-key.js';

const NOBLE_PROOFS = 10;
const SPOT = 'spot-1';
const MARGIN = 'margin-3';
const MEMORY_ONLY = '--memory-of-one-run';

const command = describeScript('npm run bench:verify --', {
  does: 'Measure this verifier, stock snarkjs and @noble/curves on the same proofs.',
  examples: ['', '100'],
})
  .argument('[proofs]', 'how many proofs', parseFrom(NOBLE_PROOFS, 1e7), 1000)
  // What this script asks a process of its own for: no person types it.
  .addOption(new Option(MEMORY_ONLY).hideHelp());
const { memoryOfOneRun } = command.parse().opts<{ readonly memoryOfOneRun?: true }>();
const [proofCount] = command.processedArgs as [number];

await startSimulation();
/** Those of real use: rows of one slot, and rows that carry debt. */
const signalCounts = [SPOT, MARGIN].map((name) =>
  publicSignalCount(PROFILES.get('standard')!.layouts.find((layout) => nameOfLayout(layout) === name)!),
);
const simulated = signalCounts.map((count, index) => simulateKey(`key ${index}`, count));
const keys = simulated.map(({ key }) => key);
const claims: ProofClaim[] = Array.from({ length: proofCount }, (_, index) => {
  const keyIndex = index % 16 === 0 ? 1 : 0;
  const publicSignals = Array.from({ length: signalCounts[keyIndex]! }, (__, signal) =>
    parseFieldElement(String((index + 1) * (signal + 1))),
  );
  return { keyIndex, publicSignals, proof: simulated[keyIndex]!.prove(publicSignals, String(index)) };
});

if (memoryOfOneRun) {
  await verify(await createPairingPool());
  console.log(String(process.resourceUsage().maxRSS));
} else {
  await compare();
}

async function compare(): Promise<void> {
  const threads = availableParallelism();
  const local = await createPairing();
  const pool = await createPairingPool();
  console.log(`${proofCount} proofs under ${keys.length} keys, ${threads} cores`);
  const inline = report('this verifier, one thread', await measure(() => verify(local)), proofCount);
  report(`this verifier, ${threads} threads`, await measure(() => verify(pool)), proofCount);
  const stock = report('snarkjs.groth16.verify in a loop', await measure(verifyWithSnarkjs), proofCount);
  report('@noble/curves, one pairing check a proof', await measure(verifyWithNoble), NOBLE_PROOFS);
  const single = claims.slice(0, 5);
  report('this verifier, five proofs', await measure(() => verify(local, single)), single.length);
  report('this verifier, one false proof among all', await measure(() => findOneFalse(local)), proofCount);
  console.log(`ratio to snarkjs, a proof and core: ${(stock / inline).toFixed(1)}`);
  console.log(`peak memory of one run with ${threads} threads, proofs included: ${measureMemory()} MB`);
}

async function verify(pairing: PairingBackend, some: readonly ProofClaim[] = claims): Promise<void> {
  const faults = await pairing.verifyProofs(keys, some);
  if (faults.length > 0) throw new Error(`expected no faults, got ${faults.length}`);
}

async function findOneFalse(pairing: PairingBackend): Promise<void> {
  const falseIndex = Math.floor(proofCount / 3);
  const lie = { ...claims[falseIndex]!, proof: claims[(falseIndex + 1) % proofCount]!.proof };
  const faults = await pairing.verifyProofs(keys, claims.with(falseIndex, lie));
  if (faults.length !== 1 || faults[0]!.claimIndex !== falseIndex)
    throw new Error('expected the false proof by name');
}

async function verifyWithSnarkjs(): Promise<void> {
  const { groth16 } = await import('snarkjs');
  const stockKeys = keys.map((key, index) => toSnarkjsKey(key, signalCounts[index]!));
  for (const { keyIndex, publicSignals, proof } of claims) {
    const holds = await groth16.verify(
      stockKeys[keyIndex]!,
      publicSignals.map(String),
      toSnarkjsProof(proof),
    );
    if (!holds) throw new Error('expected snarkjs to accept');
  }
  await (globalThis as { curve_bn128?: { terminate: () => Promise<void> } }).curve_bn128?.terminate();
}

function verifyWithNoble(): void {
  const { G1, G2, fields } = bn254;
  const g1 = ([x, y]: Proof['a']) => G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) });
  const fp2 = ([c0, c1]: Proof['a']) => ({ c0: BigInt(c0), c1: BigInt(c1) });
  const g2 = ([x, y]: Proof['b']) => G2.Point.fromAffine({ x: fp2(x), y: fp2(y) });
  for (const { keyIndex, publicSignals, proof } of claims.slice(0, NOBLE_PROOFS)) {
    const { alpha, beta, gamma, delta, ic } = keys[keyIndex]!;
    const publics = publicSignals.reduce(
      (sum, signal, index) => sum.add(g1(ic[index + 1]!).multiply(signal)),
      g1(ic[0]!),
    );
    const b = g2(proof.b);
    b.assertValidity();
    const product = bn254.pairingBatch([
      { g1: g1(proof.a).negate(), g2: b },
      { g1: g1(alpha), g2: g2(beta) },
      { g1: publics, g2: g2(gamma) },
      { g1: g1(proof.c), g2: g2(delta) },
    ]);
    if (!fields.Fp12.eql(product, fields.Fp12.ONE)) throw new Error('expected noble to accept');
  }
}

function toSnarkjsKey({ alpha, beta, gamma, delta, ic }: VerificationKey, signalCount: number): object {
  return {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: signalCount,
    vk_alpha_1: [...alpha, '1'],
    vk_beta_2: [...beta, ['1', '0']],
    vk_gamma_2: [...gamma, ['1', '0']],
    vk_delta_2: [...delta, ['1', '0']],
    IC: ic.map((point) => [...point, '1']),
  };
}

function toSnarkjsProof({ a, b, c }: Proof) {
  return {
    protocol: 'groth16',
    curve: 'bn128',
    pi_a: [...a, '1'],
    pi_b: [...b, ['1', '0']],
    pi_c: [...c, '1'],
  };
}

/** Milliseconds on the clock, and of all cores together: on a busy machine only the latter compare. */
type Duration = { readonly wallMs: number; readonly coreMs: number };

async function measure(run: () => Promise<void> | void): Promise<Duration> {
  const startedMs = performance.now();
  const startedCpu = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(startedCpu);
  return { wallMs: performance.now() - startedMs, coreMs: (user + system) / 1000 };
}

/** Prints one row and returns milliseconds a proof and core. */
function report(name: string, { wallMs, coreMs }: Duration, count: number): number {
  const eachMs = coreMs / count;
  const seconds = (wallMs / 1000).toFixed(2).padStart(8);
  console.log(`${name.padEnd(44)} ${eachMs.toFixed(2).padStart(8)} ms a proof and core ${seconds} s`);
  return eachMs;
}

/** In a process of its own, so that neither snarkjs nor the runs before count. */
function measureMemory(): string {
  const args = [fileURLToPath(import.meta.url), String(proofCount), MEMORY_ONLY];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return (Number(stdout) / 1024).toFixed(0);
}
