import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

import { bytesToHex, utf8ToBytes } from '../../src/protocol/index.js';
import { hashMessage } from '../../src/verifier/reserves/making.js';

/** A PUBLIC TEST KEY: keccak256 of its name is the secret, which everyone knows. Never send anything to its address. */
export type DemoKey = {
  readonly name: string;
  readonly address: string;
  readonly sign: (text: string) => string;
};

/** The keys of the demonstration's wallets. */
export const DEMO_KEYS: readonly DemoKey[] = [1, 2, 3].map((number) =>
  makeDemoKey(`PUBLIC TEST KEY ${number} of the Solvent demonstration`),
);

function makeDemoKey(name: string): DemoKey {
  const secret = keccak_256(utf8ToBytes(name));
  const publicKey = secp256k1.getPublicKey(secret, false);
  return {
    name,
    address: `0x${bytesToHex(keccak_256(publicKey.subarray(1)).subarray(12))}`,
    sign: (text) => {
      const signature = secp256k1.sign(hashMessage(text), secret, { prehash: false, format: 'recovered' });
      return `0x${bytesToHex(signature.subarray(1))}${(27 + signature[0]!).toString(16)}`;
    },
  };
}
