import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { instantiateSecp256k1 } from '@bitauth/libauth/build/lib/crypto/secp256k1.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

import { bytesToHex, concatBytes, utf8ToBytes } from '../../../src/protocol/index.js';
import {
  BITCOIN_NETWORKS,
  deriveChallenge,
  encodePins,
  keyOfEntry,
  type OutputEntry,
  type Pins,
} from '../../../src/protocol/reserves/index.js';
import { composeCarrier, encodeReservesDirectory } from '../../../src/reserves/index.js';
import { createEcdsaVerifier } from '../../../src/verifier/node/signer-recovery.js';
import type { Liabilities } from '../../../src/verifier/reserves/index.js';
import {
  addressOf,
  encodeTransaction,
  hashTransaction,
  surveyReserves,
  type BitcoinTransaction,
  type ReservesDraft,
} from '../../../src/verifier/reserves/making.js';
import { hash160, keyHashScript } from '../../../src/verifier/reserves/bitcoin/script.js';
import { SigningHashes } from '../../../src/verifier/reserves/bitcoin/sighash.js';
import { EASIEST_BITS, idOf, Miner, sortPlaced } from '../../reserves/bitcoin-miner.js';

const CHAIN = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328';
const TAKEN_SECONDS = 1_790_000_000;
/** Headers, of which half are after that of the instant. */
const HEADERS = 500;
const BLOCK = HEADERS / 2;
/** Headers before the block that its median time past is made of. */
const FIRST = 1;
/** Wallets that the outputs are of. */
const KEYS = 1000;
const AMOUNT = 10_000n;
const NOWHERE = { transaction: new Uint8Array(32).fill(9), script: new Uint8Array(), witness: [] } as const;

type Key = { readonly secret: Uint8Array; readonly publicKey: Uint8Array; readonly script: Uint8Array };

/** Makes reserves of outputs, each made by a transaction of its own and spent by another that carries the challenge. */
export async function makeOutputs(directory: string, outputCount: number): Promise<void> {
  const secp256k1 = await instantiateSecp256k1();
  const keys = Array.from({ length: Math.min(KEYS, outputCount) }, (_, index): Key => {
    const secret = keccak_256(utf8ToBytes(`bench output ${index}`));
    const publicKey = secp256k1.derivePublicKeyCompressed(secret) as Uint8Array;
    return { secret, publicKey, script: concatBytes(Uint8Array.of(0, 20), hash160(publicKey)) };
  });
  const sign = (secret: Uint8Array, digest: Uint8Array) =>
    concatBytes(secp256k1.signMessageHashDER(secret, digest) as Uint8Array, Uint8Array.of(1));
  const fundings = Array.from({ length: outputCount }, (_, index) =>
    fundingOf(keys[index % keys.length]!, index),
  );
  const signer = makeSigner();
  const liabilities = stateLiabilities(signer.publicKey);
  const miner = new Miner(TAKEN_SECONDS - (BLOCK - 5) * 600 - 300);
  const funded = spread(fundings.map(encodeTransaction), BLOCK - FIRST);
  while (miner.blocks.length <= BLOCK) miner.mine(funded[miner.blocks.length - FIRST] ?? []);
  const blocks = [{ chain: CHAIN, number: BLOCK, hash: miner.hashOf(BLOCK) }];
  const challenge = deriveChallenge({ ...liabilities, blocks });
  const spends = fundings.map((funding, index) => {
    const key = keys[index % keys.length]!;
    return encodeTransaction(spendOf(funding, { key, carrier: composeCarrier(challenge), sign }));
  });
  const spent = spread(spends, HEADERS - BLOCK - 1);
  while (miner.blocks.length < HEADERS) miner.mine(spent[miner.blocks.length - BLOCK - 1] ?? []);
  const entries = fundings.map((funding, index) => entryOf(funding, keys[index % keys.length]!));
  const tip = miner.blocks.length - 1;
  const pins: Pins = {
    format: 'solvent/pins/v1',
    chains: [],
    bitcoin: [
      {
        chain: CHAIN,
        native: { asset: 'BTC', kind: 'issued' },
        easiestBits: EASIEST_BITS.toString(16),
        block: { number: BLOCK, hash: miner.hashOf(BLOCK), tip: { number: tip, hash: miner.hashOf(tip) } },
      },
    ],
    ...{ tokens: [], wallets: [], delegates: [], custodians: [] },
  };
  const positioned = miner.blocks.flatMap(({ number, transactions }) =>
    transactions.length === 1
      ? []
      : miner.position(
          number,
          transactions.map((_, index) => index),
        ),
  );
  const { platform, takenAt, manifestHash, snapshotHash } = liabilities;
  const draft: ReservesDraft = {
    ...{ format: 'solvent/reserves/v1', purpose: 'snapshot', platform, takenAt, manifestHash, snapshotHash },
    ...{ previousReservesHash: null, blocks, custodians: [], encumbrances: [], evidence: [] },
    ...{ headers: new Map(), nodes: new Map() },
    entries: entries.sort((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1)),
    bitcoin: new Map([[CHAIN, { headers: miner.headers(0), transactions: sortPlaced(positioned) }]]),
  };
  const survey = await surveyReserves(draft, { pins, liabilities, verify: await createEcdsaVerifier() });
  await mkdir(join(directory, 'reserves'), { recursive: true });
  for (const [name, bytes] of encodeReservesDirectory(draft, survey, signer)) {
    await writeFile(join(directory, 'reserves', name), bytes);
  }
  await writeFile(join(directory, 'pins.json'), encodePins(pins));
  await writeFile(
    join(directory, 'liabilities.json'),
    JSON.stringify(liabilities, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value.toString()}n` : value,
    ),
  );
}

/** Lists of nearly one length, in order. */
function spread<T>(list: readonly T[], count: number): T[][] {
  const each = Math.ceil(list.length / count);
  return Array.from({ length: count }, (_, index) => list.slice(index * each, (index + 1) * each));
}

function makeSigner() {
  const secret = keccak_256(utf8ToBytes('bench platform'));
  return {
    publicKey: bytesToHex(ed25519.getPublicKey(secret)),
    sign: (message: Uint8Array) => ed25519.sign(message, secret),
  };
}

function stateLiabilities(signingKey: string): Liabilities {
  return {
    ...{ platform: 'Bench', signingKey, trustHash: null, insecure: false, manifestHashCompared: false },
    takenAt: new Date(TAKEN_SECONDS * 1000).toISOString().replace('.000Z', 'Z'),
    ...{ snapshotHash: '00'.repeat(32), manifestHash: '11'.repeat(32) },
    assets: [{ asset: 'BTC', decimals: 8, equityUnits: 1n, debtUnits: 0n }],
  };
}

/** A transaction that pays a key out of an output that nobody looks at, with change. */
function fundingOf({ script }: Key, index: number): BitcoinTransaction {
  return {
    version: 2,
    lockTime: 0,
    inputs: [{ ...NOWHERE, index, sequence: 0xffff_ffff }],
    outputs: [
      { amountSatoshi: AMOUNT, script },
      { amountSatoshi: 1n, script },
    ],
  };
}

function spendOf(
  funding: BitcoinTransaction,
  {
    key,
    carrier,
    sign,
  }: {
    readonly key: Key;
    readonly carrier: Uint8Array;
    readonly sign: (secret: Uint8Array, digest: Uint8Array) => Uint8Array;
  },
): BitcoinTransaction {
  const bare: BitcoinTransaction = {
    version: 2,
    lockTime: 0,
    inputs: [
      {
        transaction: hashTransaction(funding),
        index: 0,
        script: new Uint8Array(),
        sequence: 0xffff_ffff,
        witness: [],
      },
    ],
    outputs: [
      { amountSatoshi: AMOUNT - 1n, script: key.script },
      { amountSatoshi: 0n, script: carrier },
    ],
  };
  const script = keyHashScript(key.script.subarray(2));
  const digest = new SigningHashes(bare).segwit(0, script, funding.outputs[0]!);
  return { ...bare, inputs: [{ ...bare.inputs[0]!, witness: [sign(key.secret, digest), key.publicKey] }] };
}

function entryOf(funding: BitcoinTransaction, { script }: Key): OutputEntry {
  return {
    kind: 'output',
    chain: CHAIN,
    transaction: idOf(encodeTransaction(funding)),
    index: 0,
    address: addressOf(script, BITCOIN_NETWORKS[CHAIN]!)!,
    asset: 'BTC',
    amount: AMOUNT.toString(),
    balance: 'proven',
    control: 'spent',
    custodian: null,
    encumbrance: null,
  };
}
