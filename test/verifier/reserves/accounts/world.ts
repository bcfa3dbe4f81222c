import { ed25519 } from '@noble/curves/ed25519.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

import { bytesToHex, utf8ToBytes } from '../../../../src/protocol/index.js';
import {
  composeMessage,
  confirmationMessage,
  deriveChallenge,
  joinKey,
  keyOfEntry,
  keyOfEvidence,
  nameConfirmedAccount,
  type AccountEntry,
  type AccountPin,
  type Evidence,
  type Pins,
  type ReserveEntry,
} from '../../../../src/protocol/reserves/index.js';
import { encodeAccount } from '../../../../src/verifier/reserves/accounts/addresses.js';
import type { ReservesDraft } from '../../../../src/verifier/reserves/making.js';
import { custodianKey, liabilities, makeKey, signText, TAKEN_AT, type Built } from '../world.js';

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
    evidence: sortBy(makeEvidence(entries, challenge), keyOfEvidence),
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

export function confirm(kept: readonly AccountEntry[], challenge: string): Evidence {
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
          // Of seven decimals in proof units of six.
          amount: (BigInt(entry.amount) / 10n).toString(),
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
