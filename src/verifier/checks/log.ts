import {
  areBytesEqual,
  bytesToHex,
  decodeUint,
  deriveTreeRoot,
  encodeLogEntry,
  isSignedBy,
  NOTE_SIGNATURE,
  parseBase64,
  parseSignedNote,
  parseVerifierKey,
  refuseNote,
  SolventError,
  utf8ToBytes,
  type Manifest,
  type SignedNote,
} from '../../protocol/index.js';
import { formatCount, makePrintable } from '../../presentation/index.js';
import type { LogPin, Pins } from '../../protocol/reserves/index.js';
import type { Passed } from '../checklist.js';
import { miss, refuse } from '../failure.js';
import { MAX_LOG_PROOF_BYTES } from '../limits.js';

const HEAD = 'c2sp.org/tlog-proof@v1';
const NUMBER = /^(?:0|[1-9][0-9]{0,18})$/;
const HASH_BYTES = 32;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
/** A tree of 2^63 leaves has audit paths of 63 hashes. */
const MAX_PATH = 63;

type LogProof = {
  readonly index: bigint;
  readonly path: readonly Uint8Array[];
  readonly note: SignedNote;
  readonly origin: string;
  readonly size: bigint;
  readonly root: Uint8Array;
};

/** 2: the manifest is in a pinned log, under a checkpoint that enough pinned witnesses have cosigned. */
export function checkLog(
  {
    manifest,
    ...signed
  }: { readonly manifest: Manifest; readonly manifestHash: string; readonly signingKey: string },
  { proof: bytes, pins }: { readonly proof: Uint8Array; readonly pins: Pins | undefined },
): Passed<undefined> {
  const proof = inForm(() => parseLogProof(bytes));
  const pin = pins?.logs?.find(({ origin }) => origin === proof.origin);
  if (pin === undefined) {
    throw miss('log-not-pinned', 'expected the log of the checkpoint in your pins, got none of its origin');
  }
  const signatures = countSignatures(proof.note, [pin.key]);
  if (signatures.count !== 1) {
    throw refuse('log-proof-invalid', 'expected a signature of the pinned log, got none');
  }
  const root = inForm(() => deriveTreeRoot(encodeLogEntry(manifest, signed), proof));
  if (!areBytesEqual(root, proof.root)) {
    throw refuse('log-proof-invalid', 'expected this manifest at its index of the log, got another entry');
  }
  const { count, times } = countSignatures(proof.note, pin.witnesses);
  if (count < pin.threshold) {
    throw miss(
      'log-witnesses-missing',
      `expected cosignatures of ${pin.threshold} of the pinned witnesses, got ${count}`,
    );
  }
  return { value: undefined, compared: describeLog(pin, proof, { count, times }) };
}

/** Reads a proof of c2sp.org/tlog-proof. @throws SolventError `note-malformed`. */
export function parseLogProof(bytes: Uint8Array): LogProof {
  if (bytes.length > MAX_LOG_PROOF_BYTES) throw malformed(`at most ${MAX_LOG_PROOF_BYTES} bytes`);
  const text = decodeText(bytes);
  const end = text.indexOf('\n\n');
  const [head, ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  if (head !== HEAD) throw malformed(`the line ${HEAD}`);
  // What stands in it is signed by nobody, and nothing here needs it.
  if (lines[0]?.startsWith('extra ') === true) parseBase64(lines.shift()!.slice('extra '.length));
  const [, index = ''] = /^index (\S+)$/.exec(lines.shift() ?? '') ?? [];
  if (!NUMBER.test(index) || lines.length > MAX_PATH) throw malformed('an index and its audit path');
  const note = parseSignedNote(text.slice(end + 2));
  const [origin = '', size = '', root = '', ...more] = note.text.slice(0, -1).split('\n');
  if (origin === '' || !NUMBER.test(size) || more.includes('')) throw malformed('a checkpoint');
  return {
    ...{ index: BigInt(index), path: lines.map(parseHash), note },
    ...{ origin, size: BigInt(size), root: parseHash(root) },
  };
}

/**
 * How many of these keys signed a note, and when, where they say so. A key that is not among them is passed over; a
 * signature of one that is must hold.
 */
function countSignatures(
  { text, signatures }: SignedNote,
  keys: readonly string[],
): { readonly count: number; readonly times: readonly bigint[] } {
  const times: bigint[] = [];
  let count = 0;
  for (const { name, keyId, type, publicKey } of keys.map(parseVerifierKey)) {
    const own = signatures.filter((signature) => signature.name === name && signature.keyId === keyId);
    if (own.length === 0) continue;
    for (const { signature } of own) {
      const isCosignature = type === NOTE_SIGNATURE.cosignature;
      const time = isCosignature ? signature.subarray(0, TIME_BYTES) : new Uint8Array();
      const bare = signature.subarray(time.length);
      const seconds = decodeUint(time);
      const message = isCosignature ? `cosignature/v1\ntime ${seconds.toString()}\n${text}` : text;
      if (
        bare.length !== SIGNATURE_BYTES ||
        seconds >> 63n !== 0n ||
        !isSignedBy(publicKey, utf8ToBytes(message), bytesToHex(bare))
      ) {
        throw refuse('log-proof-invalid', `expected a signature of ${makePrintable(name)}, got another`);
      }
      if (isCosignature) times.push(seconds);
    }
    count += 1;
  }
  return { count, times };
}

function describeLog(
  { origin, threshold }: LogPin,
  { index, size }: LogProof,
  { count, times }: { readonly count: number; readonly times: readonly bigint[] },
): string {
  const first = times.reduce((least, time) => (time < least ? time : least));
  return makePrintable(
    `entry ${index.toString()} of ${size.toString()} in ${origin}, cosigned by ${formatCount(count, 'pinned witness', 'pinned witnesses')} (${threshold} asked for), first at ${first.toString()} s since 1970`,
  );
}

function parseHash(text: string): Uint8Array {
  const bytes = parseBase64(text);
  if (bytes.length !== HASH_BYTES) throw malformed('hashes of 32 bytes');
  return bytes;
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed('UTF-8');
  }
}

const malformed = (expected: string) => refuseNote(`${expected} in the log's proof`, 'another');

function inForm<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SolventError) || error.code !== 'note-malformed') throw error;
    throw refuse('log-proof-invalid', (error as SolventError).message, error);
  }
}
