import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { verifyMessage, Wallet } from 'ethers';
import { describe, expect, it } from 'vitest';

import { bytesToHex, utf8ToBytes } from '../../../../src/protocol/index.js';
import { recoverWithLibauth } from '../../../../src/verifier/node/signer-recovery.js';
import { packClaims, unpackClaims } from '../../../../src/verifier/node/messages.js';
import {
  hashMessage,
  parseEvmSignature,
  recoverWithNoble,
  type SignatureClaim,
} from '../../../../src/verifier/reserves/evm/signature.js';
import { makeKey, signText } from '../../../../conformance/adversary/reserves/world.js';

const claimOf = (text: string, signature: string): SignatureClaim => ({
  digest: hashMessage(text),
  ...parseEvmSignature(signature, 'a test'),
});

/** Signatures by keys, and numbers that are none: r of no point, digests of 0 and of the order. */
function makeClaims(count: number): SignatureClaim[] {
  return Array.from({ length: count }, (_, index) => {
    const seed = keccak_256(utf8ToBytes(`claim ${index}`));
    const key = makeKey(`signer ${index % 7}`);
    const honest = claimOf(`text ${index}`, signText(`text ${index}`, key));
    if (index % 4 === 1) return { ...honest, compact: honest.compact.with(7, seed[0]!) };
    if (index % 4 === 2) return { ...honest, recovery: honest.recovery === 0 ? 1 : 0 };
    if (index % 12 === 3) return { ...honest, digest: new Uint8Array(32) };
    if (index % 12 === 7) return { ...honest, digest: new Uint8Array(32).fill(255) };
    return honest;
  });
}

describe('a signature of a wallet', () => {
  it('is that of another library over the same text, both ways', async () => {
    const key = makeKey('signer');
    const wallet = new Wallet(`0x${bytesToHex(key.secret)}`);
    expect(wallet.address.toLowerCase()).toBe(key.address);
    for (const text of ['a', 'four\nlines\nof\ntext', 'Börse Zürich 取引所', 'x'.repeat(1000)]) {
      const theirs = await wallet.signMessage(text);
      expect(recoverWithNoble([claimOf(text, theirs)])).toEqual([key.address]);
      expect(verifyMessage(text, signText(text, key)).toLowerCase()).toBe(key.address);
    }
  });

  it('has the same signer by both libraries, or none by both', async () => {
    const claims = makeClaims(240);
    const noble = await recoverWithNoble(claims);
    expect(await recoverWithLibauth(claims)).toEqual(noble);
    expect(noble.filter((signer) => signer === undefined).length).toBeGreaterThan(10);
    expect(noble.filter((signer) => signer !== undefined).length).toBeGreaterThan(100);
  });

  it('comes to a thread as it was', () => {
    const claims = makeClaims(9);
    expect(unpackClaims(packClaims(claims))).toEqual(claims);
  });

  it('of a point that gives the key at infinity has no signer', async () => {
    // Q = (s·R - z·G)/r is infinity where s·R = z·G: with R = G, s = z.
    const digest = keccak_256(utf8ToBytes('z')).with(0, 0);
    const compact = new Uint8Array([...secp256k1.Point.BASE.toBytes(true).slice(1), ...digest]);
    const recovery = secp256k1.Point.BASE.toBytes(true)[0] === 2 ? 0 : 1;
    const claim: SignatureClaim = { digest, compact, recovery };
    expect(await recoverWithNoble([claim])).toEqual([undefined]);
    expect(await recoverWithLibauth([claim])).toEqual([undefined]);
  });
});
