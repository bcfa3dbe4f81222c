import { z } from 'zod';

import * as p from '../formats/primitives.js';
import {
  encumbranceIndex,
  MAX_TOKENS,
  accountText,
  custodianId,
  sortedList,
  tokenAmount,
  tokenDecimals,
} from './primitives.js';

/** How an account chain writes addresses, and what its keys sign. */
export type AccountChain =
  | { readonly family: 'tron' | 'xrp' | 'solana' | 'stellar' }
  /** `isMain` is whether its addresses are those of the main network. */
  | { readonly family: 'cardano'; readonly isMain: boolean }
  /** `prefix` is the human-readable part of its addresses. */
  | { readonly family: 'cosmos'; readonly prefix: string }
  /** `prefix` is its number among the prefixes of SS58. */
  | { readonly family: 'polkadot'; readonly prefix: number };
export type AccountFamily = AccountChain['family'];

const cosmos = (prefix: string): AccountChain => ({ family: 'cosmos', prefix });

/** By CAIP-2: chains of which signatures are verified, and no state. */
export const ACCOUNT_CHAINS: Readonly<Record<string, AccountChain>> = {
  'cip34:0-1': { family: 'cardano', isMain: false },
  'cip34:1-764824073': { family: 'cardano', isMain: true },
  'cosmos:celestia': cosmos('celestia'),
  'cosmos:cosmoshub-4': cosmos('cosmos'),
  'cosmos:dydx-mainnet-1': cosmos('dydx'),
  'cosmos:noble-1': cosmos('noble'),
  'cosmos:osmosis-1': cosmos('osmo'),
  'polkadot:91b171bb158e2d3848fa23a9f1c25182': { family: 'polkadot', prefix: 0 },
  'polkadot:b0a8d493285c2df73290dfb7e61f870f': { family: 'polkadot', prefix: 2 },
  'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp': { family: 'solana' },
  'solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1': { family: 'solana' },
  'stellar:pubnet': { family: 'stellar' },
  'stellar:testnet': { family: 'stellar' },
  'tron:0x2b6653dc': { family: 'tron' },
  'tron:0xcd8690dc': { family: 'tron' },
  'xrpl:0': { family: 'xrp' },
  'xrpl:1': { family: 'xrp' },
};

/** What the keys of a family sign, with the bytes of the public key that stands beside a signature: 0 where the address or the signature gives it. */
export const ACCOUNT_FORMS = {
  'adr-36': { family: 'cosmos', keyBytes: 33 },
  'cip-8': { family: 'cardano', keyBytes: 32 },
  'sep-53': { family: 'stellar', keyBytes: 0 },
  'solana-message': { family: 'solana', keyBytes: 0 },
  'solana-offchain-v0': { family: 'solana', keyBytes: 0 },
  'solana-offchain-v1': { family: 'solana', keyBytes: 0 },
  'substrate-ecdsa': { family: 'polkadot', keyBytes: 0 },
  'substrate-ed25519': { family: 'polkadot', keyBytes: 0 },
  'substrate-sr25519': { family: 'polkadot', keyBytes: 0 },
  'tip-191': { family: 'tron', keyBytes: 0 },
  xrpl: { family: 'xrp', keyBytes: 33 },
} as const satisfies Record<string, { readonly family: AccountFamily; readonly keyBytes: number }>;
export type AccountForm = keyof typeof ACCOUNT_FORMS;
const FORM_NAMES = Object.keys(ACCOUNT_FORMS) as [AccountForm, ...AccountForm[]];

/** Digits of the longest signature: COSE over a message in full. */
const MAX_SIGNATURE_DIGITS = 4096;

/** An account chain by CAIP-2. */
export const accountChain = z
  .string()
  .refine((text) => Object.hasOwn(ACCOUNT_CHAINS, text), 'expected an account chain by CAIP-2');
/** An address of one, before it is decoded. */
export const accountAddress = z
  .string()
  .regex(/^[0-9A-Za-z]{20,120}$/, 'expected an address of 20 to 120 letters and digits');
/** A block or ledger of one, as its nodes print it. */
export const accountBlockHash = z
  .string()
  .regex(/^[0-9A-Za-z]{32,128}$/, 'expected the hash of a block as its nodes print it');

/** An amount in an account of such a chain. `amount` is in the coin's or the token's own units. */
export const accountEntry = z.strictObject({
  kind: z.literal('account'),
  chain: accountChain,
  address: accountAddress,
  /** What the chain calls the token, by the pins; null for its own coin. */
  contract: accountText.nullable(),
  asset: p.assetSymbol,
  amount: tokenAmount,
  balance: z.enum(['reproducible', 'attested']),
  control: z.enum(['signed', 'custodian', 'stated']),
  /** Who controls it, or confirms its amount. */
  custodian: custodianId.nullable(),
  encumbrance: encumbranceIndex,
});
export type AccountEntry = z.infer<typeof accountEntry>;

/** A signature by the key of such an account, over the message in one of the forms of its chain. */
export const accountEvidence = z.strictObject({
  kind: z.literal('account'),
  chain: accountChain,
  address: accountAddress,
  form: z.enum(FORM_NAMES),
  /** In hexadecimal, of as many bytes as the form has; null where it has none. */
  publicKey: z
    .string()
    .regex(/^(?:[0-9a-f]{64}|[0-9a-f]{66})$/, 'expected 32 or 33 bytes in hexadecimal')
    .nullable(),
  /** In hexadecimal: the bytes of the form, a whole COSE_Sign1 for CIP-8, DER for secp256k1 on the XRP Ledger. */
  signature: z
    .string()
    .max(MAX_SIGNATURE_DIGITS)
    .regex(/^(?:[0-9a-f]{2})+$/, 'expected hexadecimal in lower case'),
});
export type AccountEvidence = z.infer<typeof accountEvidence>;

/** Whether the form is one of the chain, and the public key there where the form has one. */
export function isFormOfChain({ chain, form, publicKey }: AccountEvidence): boolean {
  const { family, keyBytes } = ACCOUNT_FORMS[form];
  return ACCOUNT_CHAINS[chain]?.family === family && (publicKey?.length ?? 0) === 2 * keyBytes;
}

const coin = { asset: p.assetSymbol, decimals: tokenDecimals };

/** What a reader takes on trust of an account chain: what its coin and tokens count as, and the block of the instant. */
export const accountPin = z.strictObject({
  chain: accountChain,
  native: z.strictObject({ ...coin, kind: z.enum(['issued', 'own']) }),
  /** The last block or ledger at or before the instant, which only its reader knows; null where none is pinned. */
  block: z.strictObject({ number: p.count, hash: accountBlockHash }).nullable(),
  tokens: sortedList(
    z.strictObject({
      contract: accountText,
      ...coin,
      kind: z.enum(['issued', 'wrapped', 'staked', 'own']),
      issuer: p.prose,
    }),
    MAX_TOKENS,
    ({ contract }) => contract,
  ),
});
export type AccountPin = z.infer<typeof accountPin>;

/** Whether signatures of a chain are verified, and no state. */
export function isAccountChain(chain: string): boolean {
  return Object.hasOwn(ACCOUNT_CHAINS, chain);
}

/** What a custodian calls the account whose amount it confirms: the address by CAIP-10, and the token where there is one. */
export function nameConfirmedAccount({
  chain,
  address,
  contract,
}: Pick<AccountEntry, 'chain' | 'address' | 'contract'>): string {
  return contract === null ? `${chain}:${address}` : `${chain}:${address}:${contract}`;
}
