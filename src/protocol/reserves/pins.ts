import { z } from 'zod';

import { bytesToHex, hashLabelled } from '../bytes.js';
import { encodeCanonicalJson, encodeJsonLine, parseJsonLine } from '../canonical-json.js';
import { parseSchema } from '../formats/parse.js';
import * as p from '../formats/primitives.js';
import { PUBLISHED_FILES } from '../formats/published-files.js';
import { accountPin } from './accounts.js';
import { bitcoinPin } from './bitcoin.js';
import { isVerifierKey, NOTE_SIGNATURE, parseVerifierKey } from '../signed-note.js';
import {
  MAX_CHAINS,
  MAX_NAMED,
  MAX_PINS_BYTES,
  MAX_TOKENS,
  custodianId,
  evmAddress,
  evmChain,
  evmWord,
  joinKey,
  sortedList,
  tokenDecimals,
} from './primitives.js';

export const PINS_FORMAT = PUBLISHED_FILES.pins.format;

/** Where a contract keeps a value for an address. */
const layout = z.discriminatedUnion('kind', [
  /** `keccak(address ‖ slot)`, each 32 bytes: a mapping of Solidity, in a namespace (ERC-7201) or not. */
  z.strictObject({ kind: z.literal('solidity'), slot: evmWord }),
  /** `keccak(slot ‖ address)`: a mapping of Vyper. */
  z.strictObject({ kind: z.literal('vyper'), slot: evmWord }),
  /** `keccak(address (20 bytes) ‖ 8 zero bytes ‖ seed (4 bytes))`: Solady's. */
  z.strictObject({
    kind: z.literal('solady'),
    seed: z.string().regex(/^0x[0-9a-f]{8}$/, 'expected 0x and 8 digits'),
  }),
]);

/** What the stored value says of the balance. */
const rule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plain') }),
  /** The top bit says that the address may not move anything. */
  z.strictObject({ kind: z.literal('flag-in-bit-255') }),
  /** ⌊value · pooled / total⌋. */
  z.strictObject({ kind: z.literal('shares'), pooledSlot: evmWord, totalSlot: evmWord }),
]);

/** What stops a balance from moving. */
const freeze = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('account'), layout }),
  z.strictObject({ kind: z.literal('contract'), slot: evmWord, mask: evmWord }),
]);

const chainPin = z.strictObject({
  chain: evmChain,
  native: z.strictObject({
    asset: p.assetSymbol,
    decimals: tokenDecimals,
    kind: z.enum(['issued', 'own']),
  }),
  /** The hash of the last block at or before the instant, and of the one after it; null where none is pinned. */
  block: z.strictObject({ hash: evmWord, nextHash: evmWord }).nullable(),
  /** What the chain settles on, for readers; null where it is its own. */
  settlement: p.prose.nullable(),
});

const tokenPin = z.strictObject({
  chain: evmChain,
  contract: evmAddress,
  asset: p.assetSymbol,
  decimals: tokenDecimals,
  kind: z.enum(['issued', 'wrapped', 'staked', 'own']),
  issuer: p.prose,
  codeHash: evmWord,
  proxy: z.strictObject({ slot: evmWord, implementation: evmAddress, codeHash: evmWord }).nullable(),
  balance: z.strictObject({ layout, rule }).nullable(),
  freezes: z.array(freeze).max(16),
});

const safePin = z.strictObject({
  kind: z.literal('safe'),
  name: p.prose,
  proxyCodeHashes: z.array(evmWord).min(1).max(32),
  singleton: evmAddress,
  singletonCodeHash: evmWord,
  /** Fallback handlers that cannot move what the Safe holds. */
  handlers: z.array(z.strictObject({ address: evmAddress, codeHash: evmWord })).max(32),
});

/** Where a platform writes its manifest hashes; the block is one after the publication, null where none is pinned. */
const registryPin = z.strictObject({
  platform: p.name,
  chain: evmChain,
  contract: evmAddress,
  codeHash: evmWord,
  writer: evmAddress,
  block: evmWord.nullable(),
});

const verifierKey = (type: Parameters<typeof isVerifierKey>[1]) =>
  z
    .string()
    .max(512)
    .refine((text) => isVerifierKey(text, type), `expected a verifier key of type ${type}`);

/** A transparency log, and how many of which witnesses must have seen it. */
const logPin = z
  .strictObject({
    origin: p.prose.min(1),
    key: verifierKey(NOTE_SIGNATURE.text),
    witnesses: sortedList(verifierKey(NOTE_SIGNATURE.cosignature), MAX_NAMED, (key) => key),
    threshold: z.int().min(1).max(MAX_NAMED),
  })
  .refine(({ witnesses, threshold }) => threshold <= countKeys(witnesses), {
    path: ['threshold'],
    error: 'expected no more witnesses to be asked for than there are, each with a key of its own',
  });

const keyOfToken = ({ chain, contract }: { chain: string; contract: string }) => joinKey(chain, contract);

/** The schema of a pins file. */
export const pinsSchema = z
  .strictObject({
    format: z.literal(PINS_FORMAT),
    chains: sortedList(chainPin, MAX_CHAINS, ({ chain }) => chain),
    /** Bitcoin networks; left out where there are none. */
    bitcoin: sortedList(bitcoinPin, MAX_CHAINS, ({ chain }) => chain)
      .refine((list) => list.length > 0, 'expected at least one network, or none of this field')
      .optional(),
    /** Chains of which signatures are verified, and no state; left out where there are none. */
    accountChains: sortedList(accountPin, MAX_CHAINS, ({ chain }) => chain)
      .min(1)
      .optional(),
    tokens: sortedList(tokenPin, MAX_TOKENS, keyOfToken),
    wallets: sortedList(safePin, MAX_NAMED, ({ singleton }) => singleton),
    delegates: sortedList(
      z.strictObject({ address: evmAddress, codeHash: evmWord, name: p.prose }),
      MAX_NAMED,
      ({ address }) => address,
    ),
    custodians: sortedList(
      z.strictObject({ id: custodianId, name: p.prose, signingKey: p.ed25519PublicKey }),
      MAX_NAMED,
      ({ id }) => id,
    ),
    /** Whose word on what readers are not shown is believed; left out where there are none. */
    auditors: sortedList(
      z.strictObject({ id: custodianId, name: p.prose, signingKey: p.ed25519PublicKey }),
      MAX_NAMED,
      ({ id }) => id,
    )
      .min(1)
      .optional(),
    registries: sortedList(registryPin, MAX_NAMED, ({ platform }) => platform)
      .min(1)
      .optional(),
    logs: sortedList(logPin, MAX_NAMED, ({ origin }) => origin)
      .min(1)
      .optional(),
  })
  .refine(hasDistinctBlocks, 'expected each block hash once: no two chains share a block')
  .refine(
    ({ chains, tokens }) => tokens.every((token) => chains.some(({ chain }) => chain === token.chain)),
    'expected the chain of every token among the chains',
  );

/** What a reader of reserves takes on trust, brought by them and never by the platform. */
export type Pins = z.infer<typeof pinsSchema>;
export type ChainPin = z.infer<typeof chainPin>;
export type TokenPin = z.infer<typeof tokenPin>;
export type SafePin = z.infer<typeof safePin>;
export type RegistryPin = z.infer<typeof registryPin>;
export type LogPin = z.infer<typeof logPin>;
export type SlotLayout = z.infer<typeof layout>;
/** What an amount is of its asset: issued as it, or another's promise of it. */
export type TokenKind = TokenPin['kind'];

/** Reads a pins file. @throws SolventError of class `format`. */
export function parsePins(bytes: Uint8Array): Pins {
  return parseSchema(pinsSchema, PINS_FORMAT, parseJsonLine(bytes, MAX_PINS_BYTES));
}

/** The bytes of a pins file. */
export function encodePins(pins: Pins): Uint8Array {
  return encodeJsonLine(pins);
}

/** SHA-256("solvent/pins/v1" ‖ 0 ‖ canonical JSON), in hexadecimal: what two readers compare. */
export function hashPins(pins: Pins): string {
  return bytesToHex(hashLabelled(PINS_FORMAT, encodeCanonicalJson(pins)));
}

/** Distinct keys; 0 where two witnesses share one, which would count for two. */
function countKeys(witnesses: readonly string[]): number {
  try {
    const keys = new Set(witnesses.map((text) => parseVerifierKey(text).publicKey));
    return keys.size === witnesses.length ? keys.size : 0;
  } catch {
    return 0;
  }
}

function hasDistinctBlocks({ chains }: { chains: readonly z.infer<typeof chainPin>[] }): boolean {
  const hashes = chains.flatMap(({ block }) => (block === null ? [] : [block.hash, block.nextHash]));
  return new Set(hashes).size === hashes.length;
}
