import { sha256 } from '@noble/hashes/sha2.js';

import { bytesToHex, concatBytes, utf8ToBytes } from './bytes.js';
import { decodeBase64 } from './encoding.js';
import { refuseProtocol, type SolventError } from './errors.js';

/** All of class `format`. */
export type NoteCode = 'note-malformed';

/** Types of signatures by Ed25519 (c2sp.org/signed-note): of a note's text, and of a witness with the time. */
export const NOTE_SIGNATURE = { text: 1, cosignature: 4 } as const;
export type NoteSignatureType = (typeof NOTE_SIGNATURE)[keyof typeof NOTE_SIGNATURE];

/** A key that notes are verified with: `<name>+<key id>+<base64 of type and key>`. */
export type VerifierKey = {
  readonly name: string;
  /** 8 hexadecimal digits. */
  readonly keyId: string;
  readonly type: NoteSignatureType;
  /** Ed25519, 64 hexadecimal digits. */
  readonly publicKey: string;
};

/** A text and who signed it; no signature is verified yet. */
export type SignedNote = {
  /** With its last line feed. */
  readonly text: string;
  readonly signatures: readonly {
    readonly name: string;
    readonly keyId: string;
    readonly signature: Uint8Array;
  }[];
};

const KEY_ID_BYTES = 4;
const PUBLIC_KEY_BYTES = 32;
/** The least that verifiers must take is 16 (c2sp.org/signed-note). */
const MAX_SIGNATURES = 64;
const KEY_NAME = /^[^\s+\p{Cc}]{1,256}$/u;
// Control characters are what it refuses: all but the line feed.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const SIGNATURE_LINE = /^— (\S+) (\S+)$/u;

/** Reads a verifier key of type 1 or 4, whose id must be its own. @throws SolventError `note-malformed`. */
export function parseVerifierKey(text: string): VerifierKey {
  const [name = '', keyId = '', encoded = ''] = splitKey(text);
  if (!KEY_NAME.test(name)) throw refuseNote('a verifier key: name, key id and key');
  const bytes = parseBase64(encoded);
  const [type] = bytes;
  if (bytes.length !== 1 + PUBLIC_KEY_BYTES || (type !== 1 && type !== 4)) {
    throw refuseNote('a verifier key of Ed25519, of type 1 or 4');
  }
  if (keyId !== bytesToHex(deriveKeyId(name, bytes))) throw refuseNote('the key id of the key');
  return { name, keyId, type, publicKey: bytesToHex(bytes.subarray(1)) };
}

/** The text of a verifier key. @param publicKey 32 bytes. */
export function formatVerifierKey(name: string, type: NoteSignatureType, publicKey: Uint8Array): string {
  const bytes = concatBytes(Uint8Array.of(type), publicKey);
  return `${name}+${bytesToHex(deriveKeyId(name, bytes))}+${encodeBase64(bytes)}`;
}

/** Reads a signed note. @throws SolventError `note-malformed`. */
export function parseSignedNote(note: string): SignedNote {
  const end = note.lastIndexOf('\n\n');
  if (CONTROL.test(note) || end <= 0 || !note.endsWith('\n')) throw refuseNote('a text and its signatures');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw refuseNote(`at most ${MAX_SIGNATURES} signatures`);
  return {
    text: note.slice(0, end + 1),
    signatures: lines.map((line) => {
      const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
      if (!KEY_NAME.test(name)) throw refuseNote('a line of a signature');
      const bytes = parseBase64(encoded);
      if (bytes.length <= KEY_ID_BYTES) throw refuseNote('a key id and a signature');
      return {
        name,
        keyId: bytesToHex(bytes.subarray(0, KEY_ID_BYTES)),
        signature: bytes.subarray(KEY_ID_BYTES),
      };
    }),
  };
}

/** Reads base64 (RFC 4648, section 4) in its one form. @throws SolventError `note-malformed`. */
export function parseBase64(text: string): Uint8Array {
  const bytes = decodeBase64(text);
  if (text !== '' && bytes !== undefined) return bytes;
  throw refuseNote('base64 with its padding');
}

/** Bytes in base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** Whether text is a verifier key of this type. */
export function isVerifierKey(text: string, type: NoteSignatureType): boolean {
  try {
    return parseVerifierKey(text).type === type;
  } catch {
    return false;
  }
}

/**
 * The root of a Merkle tree that a leaf and its audit path give (RFC 9162, section 2.1.3.2; hashes of RFC 6962).
 * @param path sibling hashes from the leaf up, 32 bytes each.
 * @throws SolventError `note-malformed` where the path is not one of that leaf in a tree of that size.
 */
export function deriveTreeRoot(
  leaf: Uint8Array,
  {
    index,
    size,
    path,
  }: { readonly index: bigint; readonly size: bigint; readonly path: readonly Uint8Array[] },
): Uint8Array {
  if (index >= size) throw refuseNote('an index below the size of the tree');
  let [node, last] = [index, size - 1n];
  let root: Uint8Array = sha256(concatBytes(Uint8Array.of(0), leaf));
  for (const sibling of path) {
    if (last === 0n) throw refuseNote('as many hashes as the tree is high');
    if (node % 2n === 1n || node === last) {
      root = hashPair(sibling, root);
      while (node % 2n === 0n && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else root = hashPair(root, sibling);
    [node, last] = [node >> 1n, last >> 1n];
  }
  if (last !== 0n) throw refuseNote('as many hashes as the tree is high');
  return root;
}

function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(1), left, right));
}

/** Names hold no plus; base64 may. */
function splitKey(text: string): readonly string[] {
  const [name = '', keyId = '', ...rest] = text.split('+');
  return [name, keyId, rest.join('+')];
}

function deriveKeyId(name: string, typedKey: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8ToBytes(`${name}\n`), typedKey)).subarray(0, KEY_ID_BYTES);
}

/** The refusal of a text that is no note, key or proof in its one form. */
export function refuseNote(expected: string, found = 'another text'): SolventError<NoteCode> {
  return refuseProtocol('note-malformed', { expected, found });
}
