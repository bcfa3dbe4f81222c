// Verifies one directory of reserves in a process that does nothing else, and prints what it took as a line of JSON.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { hexToBytes } from '../../../src/protocol/index.js';
import type { Liabilities } from '../../../src/verifier/reserves/index.js';
import type { WalletProofs } from './make-reserves.js';

const [directory = '', by = 'solvent'] = process.argv.slice(2);
const verify = await (by === 'ethers' ? loadEthers() : loadSolvent());
const loaded = process.cpuUsage();
const startedAtMs = performance.now();
const wallets = await verify();
const { user, system } = process.cpuUsage(loaded);
console.log(
  JSON.stringify({
    wallets,
    loadSeconds: (loaded.user + loaded.system) / 1e6,
    seconds: (performance.now() - startedAtMs) / 1000,
    processorSeconds: (user + system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  }),
);

async function loadSolvent(): Promise<() => Promise<number>> {
  const { createEcdsaVerifier } = await import('../../../src/verifier/node/signer-recovery.js');
  const { createSignerRecovery, openReserves } = await import('../../../src/verifier/node/index.js');
  const { parsePins, verifyReserves } = await import('../../../src/verifier/reserves/index.js');
  return async () => {
    const pins = parsePins(await readFile(join(directory, 'pins.json')));
    const text = await readFile(join(directory, 'liabilities.json'), 'utf8');
    const liabilities = JSON.parse(text, (_, value: unknown) =>
      typeof value === 'string' && /^[0-9]+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
    ) as Liabilities;
    const report = await verifyReserves(await openReserves(join(directory, 'reserves')), {
      bundle: { outcome: 'valid', liabilities },
      pins,
      recover: createSignerRecovery(),
      verify: await createEcdsaVerifier(),
    });
    if (report.outcome !== 'covered') throw new Error(`expected reserves that cover, got ${report.code}`);
    const entries = await readFile(join(directory, 'reserves/entries.ndjson'), 'utf8');
    // A wallet has two amounts.
    return (entries.split('\n').length - 1) / (by === 'outputs' ? 1 : 2);
  };
}

/** What one writes with the usual libraries: a signature and two proofs a wallet, each by itself. */
async function loadEthers(): Promise<() => Promise<number>> {
  const { verifyMessage } = await import('ethers');
  const { verifyMerkleProof } = await import('@ethereumjs/mpt');
  const { RLP } = await import('@ethereumjs/rlp');
  return async () => {
    const proofs = JSON.parse(await readFile(join(directory, 'proofs.json'), 'utf8')) as WalletProofs;
    const toBytes = (proof: readonly string[]) => proof.map(hexToBytes);
    const prove = (root: Uint8Array, key: string, proof: readonly string[]) =>
      verifyMerkleProof(hexToBytes(key.slice(2)), toBytes(proof), { root, useKeyHashing: true });
    const stateRoot = hexToBytes(proofs.stateRoot);
    const contract = RLP.decode(
      await prove(stateRoot, proofs.contract, proofs.contractProof),
    ) as Uint8Array[];
    for (const { address, message, signature, slot, accountProof, storageProof } of proofs.wallets) {
      const account = await prove(stateRoot, address, accountProof);
      const balance = await prove(contract[2]!, slot, storageProof);
      const signer = verifyMessage(message, signature).toLowerCase();
      if (account === null || balance === null || signer !== address)
        throw new Error('expected a valid wallet');
    }
    return proofs.wallets.length;
  };
}
