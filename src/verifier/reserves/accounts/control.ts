import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

import {
  areBytesEqual,
  concatBytes,
  encodeBase64,
  hexToBytes,
  utf8ToBytes,
} from '../../../protocol/index.js';
import { composeMessage, type AccountEvidence, type AccountForm } from '../../../protocol/reserves/index.js';
import { hash160 } from '../bitcoin/script.js';
import { parseStrictDer } from '../bitcoin/spend.js';
import { refuseReserves } from '../codes.js';
import { decodeAccount } from './addresses.js';
import { isPayloadOf, parseCoseSign1 } from './cose.js';
import { isSr25519Canonical, isSr25519Signed } from './sr25519.js';

/** What became of a signature: `other-spelling` where it is not in the one canonical form. */
export type AccountSignatureResult = 'valid' | 'invalid' | 'other-spelling';

/** A signature with what it must be of. */
type Claim = {
  readonly address: string;
  /** What the address stands for. */
  readonly account: Uint8Array;
  readonly message: Uint8Array;
  /** Of the form's length, where the form has one. */
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
};
type CheckForm = (claim: Claim) => AccountSignatureResult;

const ED25519_ORDER = ed25519.Point.Fn.ORDER;
const SECP256K1_ORDER = secp256k1.Point.Fn.ORDER;
const [COMPACT_BYTES, RECOVERABLE_BYTES] = [64, 65];
const ED25519_MARK = 0xed;
const CARDANO_HASH_BYTES = 28;
const TRON_PREFIX = '\x19TRON Signed Message:\n';
const SEP_53_PREFIX = utf8ToBytes('Stellar Signed Message:\n');
const SOLANA_MARK = concatBytes(Uint8Array.of(0xff), utf8ToBytes('solana offchain'));
/** No application domain, as the zero address: what a command line has. */
const NO_DOMAIN = new Uint8Array(32);
/** UTF-8 of at most 1,232 bytes with what stands before it: line feeds are no printable ASCII. */
const SOLANA_UTF8 = 1;
const MAX_SOLANA_BYTES = 1232;

/**
 * 8.7: a signature by the key of an account, over the message that is made here.
 * @throws SolventError `control-not-shown`, `signature-not-canonical`.
 */
export function checkAccountEvidence(
  line: AccountEvidence,
  position: string,
  context: { readonly platform: string; readonly takenAt: string; readonly challenge: string },
): void {
  const message = utf8ToBytes(composeMessage(context, context.challenge, line));
  const result = checkAccountSignature(line, message);
  if (result === 'valid') return;
  if (result === 'other-spelling') {
    throw refuseReserves(
      'signature-not-canonical',
      `expected a signature in the one form of ${line.form} at ${position}, got another spelling`,
    );
  }
  throw refuseReserves(
    'control-not-shown',
    `expected a signature of ${line.address} over the message for it, as ${line.form}, at ${position}, got another`,
  );
}

/** Verifies a signature of a message by the key of an account. */
export function checkAccountSignature(
  { chain, address, form, publicKey, signature }: AccountEvidence,
  message: Uint8Array,
): AccountSignatureResult {
  const account = decodeAccount(chain, address);
  if (account === undefined) return 'invalid';
  return FORMS[form]({
    address,
    account,
    message,
    publicKey: publicKey === null ? new Uint8Array() : hexToBytes(publicKey),
    signature: hexToBytes(signature),
  });
}

const FORMS: Readonly<Record<AccountForm, CheckForm>> = {
  /** TIP-191, second version: the length is that of the message, and not of a hash of it. */
  'tip-191': ({ account, message, signature }) => {
    const text = concatBytes(utf8ToBytes(`${TRON_PREFIX}${message.length}`), message);
    return checkRecovered(keccak_256(text), { signature, firstMark: 27 }, (key) =>
      areBytesEqual(keccak_256(key.toBytes(false).subarray(1)).subarray(12), account),
    );
  },
  xrpl: ({ account, message, publicKey, signature }) => {
    if (!areBytesEqual(hash160(publicKey), account)) return 'invalid';
    if (publicKey[0] === ED25519_MARK) return checkEd25519(publicKey.subarray(1), message, signature);
    const compact = parseStrictDer(signature);
    return compact === undefined
      ? 'other-spelling'
      : checkCompact(publicKey, sha512(message).subarray(0, 32), compact);
  },
  'solana-message': ({ account, message, signature }) => checkEd25519(account, message, signature),
  'solana-offchain-v0': ({ account, message, signature }) => {
    const head = concatBytes(
      ...[SOLANA_MARK, Uint8Array.of(0), NO_DOMAIN, Uint8Array.of(SOLANA_UTF8, 1), account],
      Uint8Array.of(message.length & 0xff, message.length >> 8),
    );
    if (head.length + message.length > MAX_SOLANA_BYTES) return 'invalid';
    return checkEd25519(account, concatBytes(head, message), signature);
  },
  'solana-offchain-v1': ({ account, message, signature }) =>
    checkEd25519(account, concatBytes(SOLANA_MARK, Uint8Array.of(1, 1), account, message), signature),
  'sep-53': ({ account, message, signature }) =>
    checkEd25519(account, sha256(concatBytes(SEP_53_PREFIX, message)), signature),
  'cip-8': ({ account, message, publicKey, signature }) => {
    const cose = parseCoseSign1(signature);
    if (cose === undefined) return 'other-spelling';
    const keyHash = blake2b(publicKey, { dkLen: CARDANO_HASH_BYTES });
    return areBytesEqual(cose.address, account) &&
      areBytesEqual(keyHash, account.subarray(1, 1 + CARDANO_HASH_BYTES)) &&
      isPayloadOf(cose, message)
      ? checkEd25519(publicKey, cose.signed, cose.signature)
      : 'invalid';
  },
  'adr-36': ({ address, account, message, publicKey, signature }) => {
    if (signature.length !== COMPACT_BYTES) return 'other-spelling';
    if (!areBytesEqual(hash160(publicKey), account)) return 'invalid';
    return checkCompact(publicKey, sha256(composeSignDoc(address, message)), signature);
  },
  'substrate-ed25519': ({ account, message, signature }) =>
    checkEd25519(account, wrapBytes(message), signature),
  'substrate-sr25519': ({ account, message, signature }) => {
    if (signature.length !== COMPACT_BYTES || !isSr25519Canonical(signature)) return 'other-spelling';
    return isSr25519Signed(account, wrapBytes(message), signature) ? 'valid' : 'invalid';
  },
  'substrate-ecdsa': ({ account, message, signature }) =>
    checkRecovered(blake2b(wrapBytes(message), { dkLen: 32 }), { signature, firstMark: 0 }, (key) =>
      areBytesEqual(blake2b(key.toBytes(true), { dkLen: 32 }), account),
    ),
};

/** What Cosmos wallets sign of arbitrary bytes (ADR-36), in the sorted JSON of Amino. */
export function composeSignDoc(signer: string, message: Uint8Array): Uint8Array {
  const value = `{"data":"${encodeBase64(message)}","signer":"${signer}"}`;
  return utf8ToBytes(
    `{"account_number":"0","chain_id":"","fee":{"amount":[],"gas":"0"},"memo":"","msgs":[{"type":"sign/MsgSignData","value":${value}}],"sequence":"0"}`,
  );
}

/** What wallets of Substrate put around bytes, so that they are no transaction. */
function wrapBytes(message: Uint8Array): Uint8Array {
  return concatBytes(utf8ToBytes('<Bytes>'), message, utf8ToBytes('</Bytes>'));
}

/** RFC 8032, strictly: s below the order, and no key of small order, under which anyone signs anything. */
function checkEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): AccountSignatureResult {
  if (signature.length !== COMPACT_BYTES) return 'other-spelling';
  const s = signature.subarray(32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (s >= ED25519_ORDER) return 'other-spelling';
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false }) ? 'valid' : 'invalid';
  } catch {
    return 'invalid';
  }
}

function isLowS(compact: Uint8Array): boolean {
  const s = compact.subarray(32, 64).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return s > 0n && s <= SECP256K1_ORDER / 2n;
}

function checkCompact(
  publicKey: Uint8Array,
  digest: Uint8Array,
  compact: Uint8Array,
): AccountSignatureResult {
  if (!isLowS(compact)) return 'other-spelling';
  try {
    return secp256k1.verify(compact, digest, publicKey, { prehash: false }) ? 'valid' : 'invalid';
  } catch {
    return 'invalid';
  }
}

/** r ‖ s ‖ mark, 65 bytes, with s in the lower half: whether the key that it recovers to is the account's. */
function checkRecovered(
  digest: Uint8Array,
  { signature, firstMark }: { readonly signature: Uint8Array; readonly firstMark: number },
  isAccount: (key: InstanceType<typeof secp256k1.Point>) => boolean,
): AccountSignatureResult {
  const parity = (signature[64] ?? -1) - firstMark;
  if (signature.length !== RECOVERABLE_BYTES || (parity !== 0 && parity !== 1) || !isLowS(signature)) {
    return 'other-spelling';
  }
  try {
    const parsed = secp256k1.Signature.fromBytes(signature.subarray(0, 64)).addRecoveryBit(parity);
    return isAccount(parsed.recoverPublicKey(digest)) ? 'valid' : 'invalid';
  } catch {
    return 'invalid';
  }
}
