import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { mkdtemp, rm, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cacheDirectory } from '../../src/system/index.js';
import {
  encodeJsonLine,
  parseTrust,
  TRUST_FORMAT,
  type Account,
  type Trust,
} from '../../src/protocol/index.js';
import type { ManifestSigner } from '../../src/prover/bundle/signature.js';
import { prove, type ProveOptions, type ProvingCircuit } from '../../src/prover/index.js';
import type { BundleSource } from '../../src/verifier/index.js';
import { claimOf } from './exchange.js';

/** Runs a test in a directory of its own, which goes when it ends. */
export async function inTemporaryDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'solvent-prover-'));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** An Ed25519 key of a seed that is in this file: the PKCS#8 head of such keys, then 32 bytes; in hexadecimal. */
export const PRIVATE_KEY_DER = `302e020100300506032b657004220420${'05'.repeat(32)}`;
const PRIVATE_KEY = createPrivateKey({
  key: Buffer.from(PRIVATE_KEY_DER, 'hex'),
  format: 'der',
  type: 'pkcs8',
});

/** The platform's key in tests. */
export const SIGNER = {
  publicKey: Buffer.from(createPublicKey(PRIVATE_KEY).export({ format: 'jwk' }).x!, 'base64url').toString(
    'hex',
  ),
  sign: (message: Uint8Array): Uint8Array => sign(null, message, PRIVATE_KEY),
} satisfies ManifestSigner;

export type Exchange = {
  readonly directory: string;
  readonly accounts: readonly Account[];
  readonly assetCount: number;
  readonly circuits: readonly ProvingCircuit[];
};

/** What a run of an exchange is made with. */
export function runOptions({ directory, accounts, assetCount, circuits }: Exchange): ProveOptions {
  return {
    runDirectory: directory,
    snapshot: claimOf(accounts, assetCount),
    accountCount: accounts.length,
    accounts: () => accounts,
    profile: 'tiny',
    circuits,
    signingKey: SIGNER,
    workers: 2,
    engine: 'wasm',
    cacheDirectory: cacheDirectory(),
  };
}

/** Proves an exchange. @returns the manifest hash. */
export async function proveExchange(
  exchange: Exchange,
  changes: Partial<ProveOptions> = {},
): Promise<string> {
  return (await prove({ ...runOptions(exchange), ...changes })).manifestHash;
}

/** What a reader pins of these circuits. */
export function trustOf(circuits: readonly ProvingCircuit[]): Trust {
  return parseTrust(
    encodeJsonLine({
      format: TRUST_FORMAT,
      platform: 'Example Exchange',
      profile: 'tiny',
      signingKey: SIGNER.publicKey,
      indexBits: circuits[0]!.parameters.indexBits,
      circuits: circuits.map(({ name, parameters, tag, fingerprint, provenance }) => ({
        name,
        parameters,
        tag,
        fingerprint,
        provenance,
      })),
    }),
  );
}

/** A bundle in memory. */
export type BundleBytes = {
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
  readonly commitments: Uint8Array;
  readonly proofs: Uint8Array;
  readonly weights?: Uint8Array;
};

/** Reads the bundle of a run. */
export async function readBundle(directory: string): Promise<BundleBytes> {
  const read = (name: string) => readFile(join(directory, 'bundle', name));
  const weights = await read('weights.json').catch(() => undefined);
  return {
    manifest: await read('manifest.json'),
    signature: await read('manifest.sig.json'),
    commitments: await read('commitments.ndjson'),
    proofs: await read('proofs.ndjson'),
    ...(weights && { weights }),
  };
}

/** A bundle as a verifier reads it: lists in pieces. */
export function sourceOf({ commitments, proofs, ...rest }: BundleBytes): BundleSource {
  return { ...rest, commitments: cut(commitments), proofs: cut(proofs) };
}

function cut(bytes: Uint8Array): Uint8Array[] {
  const middle = Math.floor(bytes.length / 3);
  return [bytes.subarray(0, middle), bytes.subarray(middle)];
}
