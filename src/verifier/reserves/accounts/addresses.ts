import { blake2b } from '@noble/hashes/blake2.js';

import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../../protocol/index.js';
import {
  ACCOUNT_CHAINS,
  type AccountChain,
  type AccountFamily,
  type ReserveEntry,
} from '../../../protocol/reserves/index.js';
import {
  decodeBase58,
  decodeBase58Check,
  decodeBech32,
  encodeBase58,
  encodeBase58Check,
  encodeBech32,
} from '../encodings.js';
import { refuseReserves } from '../codes.js';
import type { ReservesLine } from '../lines.js';

/** The digits of base 58 in the order of the XRP Ledger. */
const XRP_DIGITS = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SS58_MARK = utf8ToBytes('SS58PRE');
const [TRON_VERSION, XRP_VERSION, STELLAR_KEY, STELLAR_MUXED] = [0x41, 0x00, 6 << 3, 12 << 3];
/** Before the account of an X-address of the XRP Ledger: main network, and test. */
const XRP_X_ADDRESSES = ['0544', '0493'];
/**
 * Types of Cardano addresses whose first credential is the hash of a key: base (with a key or a script for its stake), enterprise
 * and reward. A pointer's numbers have many spellings, so that it is no one address.
 */
const CARDANO_KEY_TYPES: ReadonlySet<number> = new Set([0, 2, 6, 14]);
const CARDANO_BASE_TYPES: ReadonlySet<number> = new Set([0, 2]);
const CARDANO_REWARD = 14;
const [HASH_BYTES, KEY_BYTES, CARDANO_HASH_BYTES] = [20, 32, 28];
/** Bytes of any account: 20, 32, 29 or 57. */
const HEXADECIMAL = /^(?:0x)?(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{58}|[0-9a-fA-F]{64}|[0-9a-fA-F]{114})$/;

/**
 * The bytes that an address of an account chain stands for: the hash of a key on Tron, the XRP Ledger and Cosmos, a key on Solana,
 * Stellar and Polkadot, the whole address on Cardano. Undefined where it is not the one spelling of an address that a key can sign for.
 */
export function decodeAccount(chain: string, address: string): Uint8Array | undefined {
  const known = ACCOUNT_CHAINS[chain];
  const bytes = known === undefined ? undefined : DECODERS[known.family](address, known);
  // SS58 has two spellings of a prefix below 64: what is read is what would be written.
  return bytes !== undefined && encodeAccount(chain, bytes) === address ? bytes : undefined;
}

/** The address of an account, by the bytes that it stands for: what `decodeAccount` reads. */
export function encodeAccount(chain: string, bytes: Uint8Array): string {
  const known = ACCOUNT_CHAINS[chain]!;
  switch (known.family) {
    case 'tron':
      return encodeBase58Check(TRON_VERSION, bytes);
    case 'xrp':
      return encodeBase58Check(XRP_VERSION, bytes, XRP_DIGITS);
    case 'solana':
      return encodeBase58(bytes);
    case 'stellar':
      return encodeStrkey(STELLAR_KEY, bytes);
    case 'cardano':
      return encodeBech32(prefixOfCardano(bytes, known.isMain), bytes);
    case 'cosmos':
      return encodeBech32(known.prefix, bytes);
    case 'polkadot':
      return encodeSs58(known.prefix, bytes);
  }
}

/** 8.3: every account is written as its one address. @throws SolventError `account-not-canonical`. */
export function assertAddresses(entries: readonly ReservesLine<ReserveEntry>[]): void {
  for (const { line, position } of entries) {
    if (line.kind === 'account' && decodeAccount(line.chain, line.address) === undefined) {
      throw refuseReserves(
        'account-not-canonical',
        `expected an address of ${line.chain} in its one spelling at ${position}, got another`,
      );
    }
  }
}

/** The bytes that a text may stand for as an address of any account chain, in hexadecimal: in other spellings too. */
export function listAccountBytes(text: string): string[] {
  const found = [
    takeVersioned(decodeBase58Check(text), TRON_VERSION, HASH_BYTES),
    ...listXrpBytes(text),
    sized(decodeBase58(text), KEY_BYTES),
    takeVersioned(decodeStrkey(text), STELLAR_KEY, KEY_BYTES),
    decodeStrkey(text)?.[0] === STELLAR_MUXED ? decodeStrkey(text)?.subarray(1, 1 + KEY_BYTES) : undefined,
    decodeBech32(text.toLowerCase())?.bytes,
    decodeSs58(text)?.bytes,
    /^(?:0x)?41[0-9a-fA-F]{40}$/.test(text) ? hexToBytes(text.slice(-40)) : undefined,
    // A hash, a key, or an address of Cardano as its wallets give it.
    HEXADECIMAL.test(text) ? hexToBytes(text.replace(/^0x/, '')) : undefined,
  ];
  return found.flatMap((bytes) => (bytes === undefined ? [] : [bytesToHex(bytes)]));
}

type Decoder = (address: string, chain: AccountChain) => Uint8Array | undefined;

const DECODERS: Readonly<Record<AccountFamily, Decoder>> = {
  tron: (address) => takeVersioned(decodeBase58Check(address), TRON_VERSION, HASH_BYTES),
  xrp: (address) => takeVersioned(decodeBase58Check(address, XRP_DIGITS), XRP_VERSION, HASH_BYTES),
  solana: (address) => sized(decodeBase58(address), KEY_BYTES),
  stellar: (address) => takeVersioned(decodeStrkey(address), STELLAR_KEY, KEY_BYTES),
  cardano: (address, chain) => {
    const decoded = decodeBech32(address);
    if (decoded === undefined || chain.family !== 'cardano') return undefined;
    const { prefix, bytes } = decoded;
    return isCardanoAddress(bytes, chain.isMain) && prefix === prefixOfCardano(bytes, chain.isMain)
      ? bytes
      : undefined;
  },
  cosmos: (address, chain) => {
    const decoded = decodeBech32(address);
    return chain.family === 'cosmos' && decoded?.prefix === chain.prefix
      ? sized(decoded.bytes, HASH_BYTES)
      : undefined;
  },
  polkadot: (address, chain) => {
    const decoded = decodeSs58(address);
    return chain.family === 'polkadot' && decoded?.prefix === chain.prefix
      ? sized(decoded.bytes, KEY_BYTES)
      : undefined;
  },
};

function sized(bytes: Uint8Array | undefined, length: number): Uint8Array | undefined {
  return bytes?.length === length ? bytes : undefined;
}

function takeVersioned(
  bytes: Uint8Array | undefined,
  version: number,
  length: number,
): Uint8Array | undefined {
  return bytes?.[0] === version ? sized(bytes.subarray(1), length) : undefined;
}

function listXrpBytes(text: string): (Uint8Array | undefined)[] {
  const bytes = decodeBase58Check(text, XRP_DIGITS);
  if (bytes === undefined) return [];
  const isX = XRP_X_ADDRESSES.includes(bytesToHex(bytes.subarray(0, 2)));
  return [takeVersioned(bytes, XRP_VERSION, HASH_BYTES), isX ? bytes.subarray(2, 2 + HASH_BYTES) : undefined];
}

function isCardanoAddress(bytes: Uint8Array, isMain: boolean): boolean {
  const [type, network] = [bytes[0]! >> 4, bytes[0]! & 15];
  if (!CARDANO_KEY_TYPES.has(type) || network !== (isMain ? 1 : 0)) return false;
  return bytes.length === 1 + (CARDANO_BASE_TYPES.has(type) ? 2 : 1) * CARDANO_HASH_BYTES;
}

function prefixOfCardano(bytes: Uint8Array, isMain: boolean): string {
  return `${bytes[0]! >> 4 === CARDANO_REWARD ? 'stake' : 'addr'}${isMain ? '' : '_test'}`;
}

/** Version, key and checksum of Stellar's strkeys (SEP-23), in base 32 without padding: 56 or 69 characters. */
function decodeStrkey(text: string): Uint8Array | undefined {
  if (!/^[A-Z2-7]{56}$|^[A-Z2-7]{69}$/.test(text)) return undefined;
  const bytes: number[] = [];
  let [bits, width] = [0, 0];
  for (const letter of text) {
    bits = ((bits << 5) | BASE32.indexOf(letter)) & 0xfff;
    width += 5;
    if (width >= 8) bytes.push((bits >> (width -= 8)) & 0xff);
  }
  const payload = Uint8Array.from(bytes.slice(0, -2));
  return encodeBase32(concatBytes(payload, crc16(payload))) === text ? payload : undefined;
}

function encodeStrkey(version: number, key: Uint8Array): string {
  const payload = concatBytes(Uint8Array.of(version), key);
  return encodeBase32(concatBytes(payload, crc16(payload)));
}

function encodeBase32(bytes: Uint8Array): string {
  let [text, bits, width] = ['', 0, 0];
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    for (width += 8; width >= 5;) text += BASE32[(bits >> (width -= 5)) & 31]!;
  }
  return width === 0 ? text : text + BASE32[(bits << (5 - width)) & 31]!;
}

/** CRC-16 of XMODEM, the low byte first. */
function crc16(bytes: Uint8Array): Uint8Array {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 0x8000) === 0 ? sum << 1 : (sum << 1) ^ 0x1021;
    sum &= 0xffff;
  }
  return Uint8Array.of(sum & 0xff, sum >> 8);
}

function decodeSs58(text: string): { readonly prefix: number; readonly bytes: Uint8Array } | undefined {
  const all = decodeBase58(text);
  if (all === undefined || (all.length !== 35 && all.length !== 36)) return undefined;
  const prefixBytes = all.length - 34;
  const [first = 0, second = 0] = all;
  // Below 64 a byte is the prefix; of two bytes, the first says that there are two.
  if (prefixBytes === 1 ? first > 63 : first < 64 || first > 127) return undefined;
  const prefix = prefixBytes === 1 ? first : ((first & 0x3f) << 2) | (second >> 6) | ((second & 0x3f) << 8);
  const bytes = all.subarray(prefixBytes, prefixBytes + KEY_BYTES);
  const sum = blake2b(concatBytes(SS58_MARK, all.subarray(0, -2)));
  return sum[0] === all.at(-2) && sum[1] === all.at(-1) ? { prefix, bytes } : undefined;
}

/** An SS58 address with a prefix below 64, as those of the table are. */
function encodeSs58(prefix: number, bytes: Uint8Array): string {
  const payload = concatBytes(Uint8Array.of(prefix), bytes);
  const sum = blake2b(concatBytes(SS58_MARK, payload)).subarray(0, 2);
  return encodeBase58(concatBytes(payload, sum));
}
