import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

import { bytesToHex, concatBytes, utf8ToBytes } from '../../../../src/protocol/index.js';
import {
  composeMessage,
  confirmationMessage,
  deriveChallenge,
  joinKey,
  keyOfEntry,
  keyOfEvidence,
  nameConfirmedAccount,
  type AccountEntry,
  type AccountEvidence,
  type AccountPin,
  type Evidence,
  type Pins,
  type ReserveEntry,
} from '../../../../src/protocol/reserves/index.js';
import { encodeAccount } from '../../../../src/verifier/reserves/accounts/addresses.js';
import { composeSignDoc } from '../../../../src/verifier/reserves/accounts/control.js';
import { hash160 } from '../../../../src/verifier/reserves/bitcoin/script.js';
import type { ReservesDraft } from '../../../../src/verifier/reserves/making.js';
import {
  custodianKey,
  liabilities,
  makeKey,
  signText,
  TAKEN_AT,
  type Built,
} from '../../../../conformance/adversary/reserves/world.js';

export const [SOLANA, TRON, STELLAR, POLKADOT] = [
  'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
  'tron:0x2b6653dc',
  'stellar:pubnet',
  'polkadot:91b171bb158e2d3848fa23a9f1c25182',
];
export const TETHER = 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t';

/** A key of Ed25519 with its address on each chain that has such keys. */
export function makeAccountKey(name: string) {
  const secret = keccak_256(utf8ToBytes(`solvent test account ${name}`));
  const publicKey = ed25519.getPublicKey(secret);
  return {
    on: (chain: string) => encodeAccount(chain, publicKey),
    publicKey,
    sign: (text: string) => bytesToHex(ed25519.sign(utf8ToBytes(text), secret)),
  };
}
export const KEYS = {
  sol: makeAccountKey('sol'),
  vault: makeAccountKey('vault'),
  told: makeAccountKey('told'),
};

export const account = (
  chain: string,
  address: string,
  rest: Partial<AccountEntry> & Pick<AccountEntry, 'asset' | 'amount'>,
): AccountEntry => ({
  kind: 'account',
  ...{ chain, address, contract: null, balance: 'reproducible', control: 'signed' },
  ...{ custodian: null, encumbrance: null },
  ...rest,
});

const pin = (chain: string, asset: string, decimals: number, rest: Partial<AccountPin> = {}): AccountPin => ({
  chain,
  native: { asset, decimals, kind: 'issued' },
  block: { number: 1000, hash: bytesToHex(keccak_256(utf8ToBytes(chain))) },
  tokens: [],
  ...rest,
});

/** Accounts of three chains: signed, by a custodian, and with an amount that a custodian attests. */
export function makeAccountWorld(
  change: (entries: ReserveEntry[], pins: AccountPin[]) => void = () => undefined,
): Built {
  const accountChains = [
    pin(POLKADOT, 'BTC', 10),
    pin(SOLANA, 'SOL', 9),
    pin(STELLAR, 'USDC', 7),
    pin(TRON, 'ETH', 6, {
      tokens: [{ contract: TETHER, asset: 'USDT', decimals: 6, kind: 'issued', issuer: 'a test' }],
    }),
  ];
  const tron = makeKey('tron');
  const entries: ReserveEntry[] = [
    account(SOLANA, KEYS.sol.on(SOLANA), { asset: 'SOL', amount: '4' }),
    account(TRON, tronAddress(tron), { asset: 'USDT', amount: '2000000', contract: TETHER }),
    account(STELLAR, KEYS.vault.on(STELLAR), {
      ...{ asset: 'USDC', amount: '1239', balance: 'attested', control: 'custodian', custodian: 'vault' },
    }),
    account(POLKADOT, KEYS.told.on(POLKADOT), { asset: 'BTC', amount: '7', control: 'stated' }),
  ];
  change(entries, accountChains);
  return compose(entries, accountChains, makeEvidence);
}

/** The account of entries of account chains, with what readers pin of them. */
function compose(
  entries: readonly ReserveEntry[],
  accountChains: AccountPin[],
  evidenceOf: (entries: readonly ReserveEntry[], challenge: string) => Evidence[],
): Built {
  const pins: Pins = {
    format: 'solvent/pins/v1',
    ...{ chains: [], accountChains, tokens: [], wallets: [], delegates: [] },
    custodians: [{ id: 'vault', name: 'Vault', signingKey: custodianKey.publicKey }],
  };
  const used = new Set(entries.flatMap((entry) => ('chain' in entry ? [entry.chain] : [])));
  const blocks = accountChains.flatMap(({ chain, block }) =>
    used.has(chain) && block !== null ? [{ chain, ...block }] : [],
  );
  const challenge = deriveChallenge({ ...liabilities, blocks });
  const draft: ReservesDraft = {
    format: 'solvent/reserves/v1',
    purpose: 'snapshot',
    platform: liabilities.platform,
    takenAt: TAKEN_AT,
    manifestHash: liabilities.manifestHash,
    snapshotHash: liabilities.snapshotHash,
    previousReservesHash: null,
    blocks,
    custodians: [{ id: 'vault', name: 'Vault' }],
    encumbrances: [],
    entries: sortBy(entries, keyOfEntry),
    evidence: sortBy(evidenceOf(entries, challenge), keyOfEvidence),
    headers: new Map(),
    nodes: new Map(),
  };
  return { world: { liabilities } as Built['world'], chains: new Map(), pins, draft, challenge };
}

export const tronAddress = ({ address }: { readonly address: string }) =>
  encodeAccount(TRON, Uint8Array.from(Buffer.from(address.slice(2), 'hex')));

/** What every signed account signs, and what the custodian confirms. */
export function makeEvidence(entries: readonly ReserveEntry[], challenge: string): Evidence[] {
  const evidence: Evidence[] = [];
  const kept = entries.filter(
    (entry) => entry.kind === 'account' && entry.custodian !== null,
  ) as AccountEntry[];
  for (const entry of entries) {
    if (entry.kind !== 'account' || entry.control !== 'signed') continue;
    const { chain, address } = entry;
    const message = composeMessage(liabilities, challenge, { chain, address });
    const line = { kind: 'account', chain, address, publicKey: null } as const;
    if (chain === SOLANA)
      evidence.push({ ...line, form: 'solana-message', signature: KEYS.sol.sign(message) });
    if (chain === TRON) evidence.push({ ...line, form: 'tip-191', signature: signTron(message) });
  }
  if (kept.length > 0) evidence.push(confirm(kept, challenge));
  return evidence;
}

function signTron(message: string): string {
  // The layout of EIP-191 with another name in it, so that one test key signs both.
  return signText(message, makeKey('tron'), '\x19TRON Signed Message:\n').slice(2);
}

/** @param perUnit how many of a token's own units a proof unit has: 10 where it has seven decimals and the asset six. */
export function confirm(kept: readonly AccountEntry[], challenge: string, perUnit = 10n): Evidence {
  const bare = {
    custodian: 'vault',
    wallets: sortBy(
      kept.filter(({ control }) => control === 'custodian').map(({ chain, address }) => ({ chain, address })),
      ({ chain, address }) => joinKey(chain, address),
    ),
    amounts: sortBy(
      kept
        .filter(({ balance }) => balance === 'attested')
        .map((entry) => ({
          account: nameConfirmedAccount(entry),
          asset: entry.asset,
          amount: (BigInt(entry.amount) / perUnit).toString(),
        })),
      (each) => joinKey(each.account, each.asset),
    ),
  };
  return {
    kind: 'confirmation',
    ...bare,
    signature: bytesToHex(custodianKey.sign(confirmationMessage(bare, challenge))),
  };
}

export function sortBy<T>(list: readonly T[], keyOf: (value: T) => string): T[] {
  return [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const [CARDANO, COSMOS, XRP, KUSAMA] = [
  'cip34:1-764824073',
  'cosmos:cosmoshub-4',
  'xrpl:0',
  'polkadot:b0a8d493285c2df73290dfb7e61f870f',
];
const secretOf = (name: string) => keccak_256(utf8ToBytes(`solvent test account ${name}`));
const compactOf = (digest: Uint8Array, secret: Uint8Array) =>
  secp256k1.sign(digest, secret, { prehash: false });

/** What signs for an account of each form but schnorrkel's, whose signer no library here has. */
type Signer = Pick<AccountEvidence, 'chain' | 'form' | 'publicKey'> & {
  readonly account: Uint8Array;
  readonly sign: (message: Uint8Array, address: string) => Uint8Array;
};

function makeSigners(): Signer[] {
  const secret = secretOf('every');
  const [own, curve] = [ed25519.getPublicKey(secret), secp256k1.getPublicKey(secret)];
  const wrap = (message: Uint8Array) => concatBytes(utf8ToBytes('<Bytes>'), message, utf8ToBytes('</Bytes>'));
  const ed = (message: Uint8Array) => ed25519.sign(message, secret);
  const xrpEd = concatBytes(Uint8Array.of(0xed), own);
  const cardano = concatBytes(Uint8Array.of(0x61), blake2b(own, { dkLen: 28 }));
  const offchain = (message: Uint8Array) =>
    concatBytes(Uint8Array.of(0xff), utf8ToBytes('solana offchain'), Uint8Array.of(1, 1), own, message);
  const ecdsa = (message: Uint8Array) => {
    const digest = blake2b(wrap(message), { dkLen: 32 });
    const signature = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' });
    return concatBytes(signature.subarray(1), signature.subarray(0, 1));
  };
  const half = (message: Uint8Array) => sha512(message).subarray(0, 32);
  return [
    {
      chain: SOLANA,
      form: 'solana-offchain-v1',
      publicKey: null,
      account: own,
      sign: (m) => ed(offchain(m)),
    },
    {
      ...{ chain: STELLAR, form: 'sep-53', publicKey: null, account: own },
      sign: (m) => ed(sha256(concatBytes(utf8ToBytes('Stellar Signed Message:\n'), m))),
    },
    { chain: POLKADOT, form: 'substrate-ed25519', publicKey: null, account: own, sign: (m) => ed(wrap(m)) },
    {
      ...{ chain: KUSAMA, form: 'substrate-ecdsa', publicKey: null },
      ...{ account: blake2b(curve, { dkLen: 32 }), sign: ecdsa },
    },
    { chain: XRP, form: 'xrpl', publicKey: bytesToHex(xrpEd), account: hash160(xrpEd), sign: ed },
    {
      ...{ chain: XRP, form: 'xrpl', publicKey: bytesToHex(curve), account: hash160(curve) },
      sign: (m) => secp256k1.Signature.fromBytes(compactOf(half(m), secret)).toBytes('der'),
    },
    {
      ...{ chain: COSMOS, form: 'adr-36', publicKey: bytesToHex(curve), account: hash160(curve) },
      sign: (m, address) => compactOf(sha256(composeSignDoc(address, m)), secret),
    },
    {
      ...{ chain: CARDANO, form: 'cip-8', publicKey: bytesToHex(own), account: cardano },
      sign: (m) => signCose(m, cardano, ed),
    },
  ];
}

/** A COSE_Sign1 as wallets of Cardano write it. */
export function signCose(
  message: Uint8Array,
  address: Uint8Array,
  sign: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const sized = (bytes: Uint8Array) =>
    bytes.length < 24
      ? concatBytes(Uint8Array.of(0x40 + bytes.length), bytes)
      : bytes.length < 256
        ? concatBytes(Uint8Array.of(0x58, bytes.length), bytes)
        : concatBytes(Uint8Array.of(0x59, bytes.length >> 8, bytes.length & 255), bytes);
  const text = (word: string) => concatBytes(Uint8Array.of(0x60 + word.length), utf8ToBytes(word));
  const head = sized(concatBytes(Uint8Array.of(0xa2, 1, 0x27), text('address'), sized(address)));
  const signed = concatBytes(
    Uint8Array.of(0x84),
    text('Signature1'),
    head,
    sized(new Uint8Array()),
    sized(message),
  );
  const open = concatBytes(Uint8Array.of(0xa1), text('hashed'), Uint8Array.of(0xf4));
  return concatBytes(Uint8Array.of(0x84), head, open, sized(message), sized(sign(signed)));
}

/** An account of every form, each signed, beside Tron's and one at a custodian. Amounts are in proof units. */
export function makeEveryAccountWorld(): Built {
  const signers = makeSigners();
  const assets: Readonly<Record<string, readonly [string, number]>> = {
    [CARDANO]: ['USDC', 6],
    [COSMOS]: ['USDC', 6],
    [POLKADOT]: ['BTC', 8],
    [KUSAMA]: ['BTC', 8],
    [SOLANA]: ['SOL', 9],
    [STELLAR]: ['USDC', 6],
    [TRON]: ['ETH', 9],
    [XRP]: ['USDT', 6],
  };
  const tether = { contract: TETHER, asset: 'USDT', decimals: 6, kind: 'issued', issuer: 'a test' } as const;
  const pins = Object.entries(assets).map(([chain, [asset, decimals]]) =>
    pin(chain, asset, decimals, chain === TRON ? { tokens: [tether] } : {}),
  );
  const entries: ReserveEntry[] = [
    ...signers.map(({ chain, account: bytes }, index) =>
      account(chain, encodeAccount(chain, bytes), { asset: assets[chain]![0], amount: String(100 + index) }),
    ),
    account(TRON, tronAddress(makeKey('tron')), { asset: 'USDT', amount: '2000000', contract: TETHER }),
    account(STELLAR, KEYS.vault.on(STELLAR), {
      ...{ asset: 'USDC', amount: '1230', balance: 'attested', control: 'custodian', custodian: 'vault' },
    }),
    account(POLKADOT, KEYS.told.on(POLKADOT), { asset: 'BTC', amount: '7', control: 'stated' }),
  ];
  return compose(entries, pins, (all, challenge) => [
    ...signers.map(({ chain, form, publicKey, account: bytes, sign }): Evidence => {
      const address = encodeAccount(chain, bytes);
      const message = utf8ToBytes(composeMessage(liabilities, challenge, { chain, address }));
      const signature = bytesToHex(sign(message, address));
      return { kind: 'account', chain, address, form, publicKey, signature };
    }),
    ...makeEvidence(
      all
        .filter(({ kind }) => kind === 'account')
        .filter((entry) => 'chain' in entry && entry.chain === TRON),
      challenge,
    ),
    confirm(
      all.filter((entry): entry is AccountEntry => entry.kind === 'account' && entry.custodian !== null),
      challenge,
      1n,
    ),
  ]);
}
