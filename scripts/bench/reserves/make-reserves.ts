import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { instantiateSecp256k1 } from '@bitauth/libauth/build/lib/crypto/secp256k1.js';
import { RLP } from '@ethereumjs/rlp';
import { ed25519 } from '@noble/curves/ed25519.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

import {
  bytesToHex,
  concatBytes,
  encodeJsonLine,
  hexToBytes,
  utf8ToBytes,
} from '../../../src/protocol/index.js';
import {
  composeMessage,
  deriveChallenge,
  encodePins,
  keyOfEntry,
  keyOfEvidence,
  type Evidence,
  type Pins,
  type ReserveEntry,
} from '../../../src/protocol/reserves/index.js';
import { encodeReservesDirectory } from '../../../src/reserves/index.js';
import { type Liabilities } from '../../../src/verifier/reserves/index.js';
import {
  deriveSlot,
  hashEvm,
  hashMessage,
  surveyReserves,
  type ReservesDraft,
} from '../../../src/verifier/reserves/making.js';
import { createSignerRecovery } from '../../../src/verifier/node/index.js';
import { makeTrie, type TrieEntry } from './make-trie.js';

/** One wallet as another library verifies it: its message, signature and two proofs. */
export type WalletProof = {
  readonly address: string;
  readonly message: string;
  readonly signature: string;
  readonly slot: string;
  readonly accountProof: readonly string[];
  readonly storageProof: readonly string[];
};

/** What the other library verifies. */
export type WalletProofs = {
  readonly stateRoot: string;
  readonly contract: string;
  readonly contractProof: readonly string[];
  readonly wallets: readonly WalletProof[];
};

const CHAIN = 'eip155:1';
const TAKEN_SECONDS = 1_790_000_000;
const TOKEN_SLOT = `0x${'3'.padStart(64, '0')}`;
/** Accounts of strangers for each wallet, and the most of them: the trie is deeper than the wallets alone would make it. */
const STRANGERS = 9;
const MAX_STRANGERS = 90_000;
const minimal = (value: bigint) => {
  const hex = value.toString(16);
  return hexToBytes(hex.length % 2 === 0 ? hex : `0${hex}`);
};

/**
 * Makes reserves of wallets with ether and a token each, all of one chain, all signed; and the first of them as separate proofs.
 * @param proofCount how many wallets are written for the other library.
 */
export async function makeReserves(
  directory: string,
  { walletCount, proofCount }: { readonly walletCount: number; readonly proofCount: number },
): Promise<void> {
  const secp256k1 = await instantiateSecp256k1();
  const contract = hashEvm(utf8ToBytes('token')).replace(/^0x.{24}/, '0x');
  const code = utf8ToBytes('code');
  const keys = Array.from({ length: walletCount }, (_, index) => {
    const secret = keccak_256(utf8ToBytes(`bench ${index}`));
    const publicKey = secp256k1.derivePublicKeyUncompressed(secret) as Uint8Array;
    return { secret, address: hashEvm(publicKey.subarray(1)).replace(/^0x.{24}/, '0x') };
  });
  const layout = { kind: 'solidity', slot: TOKEN_SLOT } as const;
  const slotOf = (address: string) => deriveSlot(layout, address);
  const token = (index: number) => BigInt(index + 1) * 10n ** 12n;
  const ether = (index: number) => BigInt(index + 1) * 10n ** 15n;
  const strangers = Array.from({ length: Math.min(walletCount * STRANGERS, MAX_STRANGERS) }, (_, index) =>
    keccak_256(utf8ToBytes(`stranger ${index}`)),
  );
  const storage = makeTrie([
    ...keys.map(({ address }, index): TrieEntry => ({
      key: keccak_256(hexToBytes(slotOf(address).slice(2))),
      value: RLP.encode(minimal(token(index))),
    })),
    ...strangers.map((key): TrieEntry => ({ key, value: RLP.encode(minimal(7n)) })),
  ]);
  const emptyRoot = keccak_256(RLP.encode(new Uint8Array()));
  const account = (balance: bigint, root: Uint8Array, codeBytes: Uint8Array) =>
    RLP.encode([new Uint8Array(), minimal(balance), root, keccak_256(codeBytes)]);
  const state = makeTrie([
    ...keys.map(({ address }, index): TrieEntry => ({
      key: keccak_256(hexToBytes(address.slice(2))),
      value: account(ether(index), emptyRoot, new Uint8Array()),
    })),
    ...strangers.map((key): TrieEntry => ({ key, value: account(1n, emptyRoot, new Uint8Array()) })),
    { key: keccak_256(hexToBytes(contract.slice(2))), value: account(1n, storage.root, code) },
  ]);
  const block = encodeHeader(new Uint8Array(32), state.root, TAKEN_SECONDS - 3);
  const next = encodeHeader(keccak_256(block), state.root, TAKEN_SECONDS + 9);
  const [hash, nextHash] = [hashEvm(block), hashEvm(next)];

  const secret = keccak_256(utf8ToBytes('bench platform'));
  const signer = {
    publicKey: bytesToHex(ed25519.getPublicKey(secret)),
    sign: (message: Uint8Array) => ed25519.sign(message, secret),
  };
  const liabilities: Liabilities = {
    platform: 'Bench',
    takenAt: new Date(TAKEN_SECONDS * 1000).toISOString().replace('.000Z', 'Z'),
    snapshotHash: '00'.repeat(32),
    manifestHash: '11'.repeat(32),
    manifestHashCompared: false,
    signingKey: signer.publicKey,
    trustHash: null,
    insecure: false,
    assets: [
      { asset: 'ETH', decimals: 9, equityUnits: 1n, debtUnits: 0n },
      { asset: 'USDT', decimals: 6, equityUnits: 1n, debtUnits: 0n },
    ],
  };
  const blocks = [{ chain: CHAIN, number: 1, hash }];
  const challenge = deriveChallenge({ ...liabilities, blocks });
  const sign = (address: string, key: Uint8Array) => {
    const message = composeMessage(liabilities, challenge, { chain: CHAIN, address });
    const signed = secp256k1.signMessageHashRecoverableCompact(key, hashMessage(message));
    if (typeof signed === 'string') throw new Error(signed);
    return {
      message,
      signature: `0x${bytesToHex(signed.signature)}${(27 + signed.recoveryId).toString(16)}`,
    };
  };
  const signed = keys.map(({ address, secret: key }) => sign(address, key));
  const entry = (address: string, amount: bigint, of: string | null): ReserveEntry => ({
    kind: 'wallet',
    chain: CHAIN,
    address,
    contract: of,
    asset: of === null ? 'ETH' : 'USDT',
    amount: amount.toString(),
    balance: 'proven',
    control: 'signed',
    custodian: null,
    encumbrance: null,
  });
  const entries = keys.flatMap(({ address }, index) => [
    entry(address, ether(index), null),
    entry(address, token(index), contract),
  ]);
  const evidence = keys.map(({ address }, index): Evidence => ({
    kind: 'signature',
    chain: CHAIN,
    address,
    signature: signed[index]!.signature,
    delegate: null,
  }));
  const pins: Pins = {
    format: 'solvent/pins/v1',
    chains: [
      {
        chain: CHAIN,
        native: { asset: 'ETH', decimals: 18, kind: 'issued' },
        block: { hash, nextHash },
        settlement: null,
      },
    ],
    tokens: [
      {
        chain: CHAIN,
        contract,
        asset: 'USDT',
        decimals: 18,
        kind: 'issued',
        issuer: 'a benchmark',
        codeHash: hashEvm(code),
        proxy: null,
        balance: { layout, rule: { kind: 'plain' } },
        freezes: [],
      },
    ],
    wallets: [],
    delegates: [],
    custodians: [],
  };
  const accountProofs = keys.map(({ address }) => state.prove(keccak_256(hexToBytes(address.slice(2)))));
  const storageProofs = keys.map(({ address }) =>
    storage.prove(keccak_256(hexToBytes(slotOf(address).slice(2)))),
  );
  const contractProof = state.prove(keccak_256(hexToBytes(contract.slice(2))));
  const draft: ReservesDraft = {
    format: 'solvent/reserves/v1',
    purpose: 'snapshot',
    platform: liabilities.platform,
    takenAt: liabilities.takenAt,
    manifestHash: liabilities.manifestHash,
    snapshotHash: liabilities.snapshotHash,
    previousReservesHash: null,
    blocks,
    custodians: [],
    encumbrances: [],
    entries: entries.sort((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1)),
    evidence: evidence.sort((a, b) => (keyOfEvidence(a) < keyOfEvidence(b) ? -1 : 1)),
    headers: new Map([[CHAIN, { block, next }]]),
    // Proofs share the nodes near the roots, as the same arrays.
    nodes: new Map([
      [CHAIN, [...new Set([...accountProofs.flat(), ...storageProofs.flat(), ...contractProof])]],
    ]),
  };
  const survey = await surveyReserves(draft, { pins, liabilities, recover: createSignerRecovery() });
  await mkdir(join(directory, 'reserves'), { recursive: true });
  for (const [name, bytes] of encodeReservesDirectory(draft, survey, signer)) {
    await writeFile(join(directory, 'reserves', name), bytes);
  }
  await writeFile(join(directory, 'pins.json'), encodePins(pins));
  const toHex = (proof: readonly Uint8Array[]) => proof.map(bytesToHex);
  const proofs: WalletProofs = {
    stateRoot: bytesToHex(state.root),
    contract,
    contractProof: toHex(contractProof),
    wallets: keys.slice(0, proofCount).map(({ address }, index) => ({
      address,
      ...signed[index]!,
      slot: slotOf(address),
      accountProof: toHex(accountProofs[index]!),
      storageProof: toHex(storageProofs[index]!),
    })),
  };
  await writeFile(join(directory, 'proofs.json'), encodeJsonLine(proofs));
  await writeFile(join(directory, 'liabilities.json'), JSON.stringify(liabilities, writeBigint));
}

/** Bigints as texts with an n behind them. */
function writeBigint(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value.toString()}n` : value;
}

function encodeHeader(parent: Uint8Array, root: Uint8Array, time: number): Uint8Array {
  const zeros = (length: number) => new Uint8Array(length);
  const hash = keccak_256(concatBytes());
  return RLP.encode([
    ...[parent, hash, zeros(20), root, hash, hash, zeros(256), zeros(0)],
    ...[minimal(time < TAKEN_SECONDS ? 1n : 2n), minimal(30_000_000n), zeros(0), minimal(BigInt(time))],
    ...[zeros(0), zeros(32), zeros(8)],
  ]);
}
