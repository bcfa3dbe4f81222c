import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';

import {
  authenticateLabelled,
  concatBytes,
  hashLabelled,
  int248,
  keyAuthenticator,
  utf8ToBytes,
  type Authenticator,
} from '../bytes.js';
import type { FieldElement } from '../field.js';
import type { RunSecret } from '../secrets.js';
import { negateField, reduceField, sumField, ZERO } from '../arithmetic.js';
import { type BatchMasks, ID_BYTES } from './commitments.js';

import { decodeUint, encodeUint, fixedBytes } from '../encoding.js';
import { deriveCircuitTag, groupCount, groupSize, wordCount, type RowLayout } from './layout.js';
import { packWords, type Row } from './packing.js';

/** 32 bytes from the system, drawn once for each stored run: covers what a hash of the run's content cannot see. */
export type RunSalt = Uint8Array;

/** Bytes of a salt. */
export const SALT_BYTES = 32;

/** A row and the 32 bytes of its id. */
export type IdentifiedRow = Row & { readonly id: Uint8Array };

/** Everything random that one batch uses. */
export type BatchSecrets = {
  readonly masks: BatchMasks;
  /** r_(g,0): the blind of each group's mask point; Gn of them. */
  readonly maskBlinds: readonly FieldElement[];
  /** r_u: the blind of each row's point; N of them. */
  readonly rowBlinds: readonly FieldElement[];
};

/** int248 is never used for what `wide` makes: it would exclude 98 of 100 guesses. */
const SEED_BYTES = 32;

/** mac(key, label, x) = HMAC-SHA-512(key, label ‖ 0 ‖ x): 64 bytes. */
export function authenticateWide(key: Uint8Array, label: string, message: Uint8Array): Uint8Array {
  return hmac(sha512, key, concatBytes(utf8ToBytes(label), Uint8Array.of(0), message));
}

/** wide(b): 64 bytes, big-endian, modulo r: uniform to within 2^-258. */
export function reduceWide(bytes: Uint8Array): FieldElement {
  if (bytes.length !== 64) throw new RangeError(`expected 64 bytes, got ${bytes.length}`);
  return reduceField(decodeUint(bytes));
}

/**
 * nonce_i = int248(hmac256(runSecret, "solvent/part-nonce/v2" ‖ 0 ‖ userId ‖ 0 ‖ be_2(i))): one for each part, so that a
 * part can be shown without the others. Below 2^248.
 */
export function derivePartNonce(secret: RunSecret, userId: string, part: number): FieldElement {
  return drawPartNonce(keyAuthenticator(secret), userId, part);
}

/** `derivePartNonce` by an authenticator whose key is the run's secret. */
export function drawPartNonce(authenticate: Authenticator, userId: string, part: number): FieldElement {
  return int248(authenticate('solvent/part-nonce/v2', utf8ToBytes(userId), encodeUint(part, 2)));
}

/** The id of a circuit's dummy row: hmac256(runSecret, "solvent/dummy-id/v2" ‖ 0 ‖ be_32(TAG) ‖ be_4(number)), 32 bytes. */
export function deriveDummyId(secret: RunSecret, tag: FieldElement, index: number): Uint8Array {
  return authenticateLabelled(
    secret,
    'solvent/dummy-id/v2',
    concatBytes(encodeUint(tag, 32), encodeUint(index, 4)),
  );
}

/**
 * content_b = sha("solvent/batch-content/v2", be_32(TAG) ‖ for each row its W words, be_32 each ‖ be_16(V) ‖ id).
 * @param rows all N rows of the batch.
 * @throws SolventError where a row is not canonical.
 */
export function hashBatchContent(layout: RowLayout, rows: readonly IdentifiedRow[]): Uint8Array {
  const parts = rows.flatMap((row) => [
    ...packWords(layout, row.slots).map((word) => encodeUint(word, 32)),
    encodeUint(row.netValue, 16),
    fixedBytes(row.id, ID_BYTES),
  ]);
  return hashLabelled(
    'solvent/batch-content/v2',
    concatBytes(encodeUint(deriveCircuitTag(layout), 32), ...parts),
  );
}

/**
 * runContent = sha("solvent/run-content/v2", salt ‖ be_4(number of batches) ‖ content_0 ‖ .. ‖ SHA-256(manifest)): 32 bytes.
 * @param run.manifestJson the manifest's canonical JSON without `commitmentsHash`.
 */
export function hashRunContent(run: {
  readonly salt: RunSalt;
  readonly batchContents: readonly Uint8Array[];
  readonly manifestJson: Uint8Array;
}): Uint8Array {
  return hashLabelled(
    'solvent/run-content/v2',
    concatBytes(
      fixedBytes(run.salt, SALT_BYTES),
      encodeUint(run.batchContents.length, 4),
      ...run.batchContents.map((content) => fixedBytes(content, 32)),
      sha256(run.manifestJson),
    ),
  );
}

/** runSeed: the first 32 bytes of mac(runSecret, "solvent/run-seed/v2", runContent). All masks and blinds come from it. */
export function deriveRunSeed(secret: RunSecret, runContent: Uint8Array): Uint8Array {
  return authenticateWide(secret, 'solvent/run-seed/v2', runContent).subarray(0, SEED_BYTES);
}

/** seed_b: the first 32 bytes of mac(runSeed, "batch", be_4(b)), b the batch's index in the list of commitments. */
export function deriveBatchSeed(runSeed: Uint8Array, batch: number): Uint8Array {
  return authenticateWide(runSeed, 'batch', encodeUint(batch, 4)).subarray(0, SEED_BYTES);
}

/**
 * maskL of each batch of a run: wide(mac(seed_b, "mask-total")) for all but the last. The last is minus the sum of all
 * others, so that the sum of L over the run is that of the rows alone. A run of one batch has 0.
 * @param batchSeeds seed_b of every batch, in order; at least one.
 */
export function deriveTotalMasks(batchSeeds: readonly Uint8Array[]): FieldElement[] {
  const free = batchSeeds.slice(0, -1).map((seed) => deriveScalar(seed, 'mask-total'));
  return [...free, negateField(sumField(free))];
}

/**
 * The masks of a batch, without the blinds of its points.
 * @param seed seed_b.
 * @param totalMask maskL of this batch, as `deriveTotalMasks` makes it.
 */
export function deriveBatchMasks(layout: RowLayout, seed: Uint8Array, totalMask: FieldElement): BatchMasks {
  const draw = keyScalars(seed);
  const drawGroup = (group: number) =>
    Array.from({ length: wordCount(layout) }, (_, index) =>
      draw('mask', encodeUint(group, 4), encodeUint(index + 1, 4)),
    );
  return {
    blind: draw('blind'),
    total: totalMask,
    cover: layout.kind === 'margin' ? draw('mask-cover') : ZERO,
    groups: Array.from({ length: groupCount(layout) }, (_, group) => drawGroup(group)),
  };
}

/**
 * The blinds of one group of a batch: r_(g,0) of its mask point, and r_u of its rows' points.
 * @param seed seed_b.
 */
export function deriveGroupBlinds(
  layout: RowLayout,
  seed: Uint8Array,
  group: number,
): { readonly maskBlind: FieldElement; readonly rowBlinds: readonly FieldElement[] } {
  const draw = keyScalars(seed);
  const first = group * layout.groupRows;
  return {
    maskBlind: draw('mask-blind', encodeUint(group, 4)),
    rowBlinds: Array.from({ length: groupSize(layout, group) }, (_, row) =>
      draw('leaf-blind', encodeUint(first + row, 4)),
    ),
  };
}

/** Everything random that a batch uses: `deriveBatchMasks`, and a blind for each group's mask point and each row's point. */
export function deriveBatchSecrets(
  layout: RowLayout,
  seed: Uint8Array,
  totalMask: FieldElement,
): BatchSecrets {
  const draw = keyScalars(seed);
  const drawAll = (label: string, count: number) =>
    Array.from({ length: count }, (_, index) => draw(label, encodeUint(index, 4)));
  return {
    masks: deriveBatchMasks(layout, seed, totalMask),
    maskBlinds: drawAll('mask-blind', groupCount(layout)),
    rowBlinds: drawAll('leaf-blind', layout.rows),
  };
}

/**
 * t_0 (of W_mask) and t_(1+i) (of W_i): wide(mac(runSeed, "weights", h ‖ be_4(index))).
 * @param manifestHash h, 32 bytes.
 * @param count 2A + 1.
 */
export function deriveWeightBlinds(
  runSeed: Uint8Array,
  manifestHash: Uint8Array,
  count: number,
): FieldElement[] {
  return Array.from({ length: count }, (_, index) =>
    deriveScalar(runSeed, 'weights', manifestHash, encodeUint(index, 4)),
  );
}

function deriveScalar(key: Uint8Array, label: string, ...message: readonly Uint8Array[]): FieldElement {
  return keyScalars(key)(label, ...message);
}

/** Draws scalars under one key: `wide(mac(key, label, message))`, the key taken in once for all. */
function keyScalars(key: Uint8Array): (label: string, ...message: readonly Uint8Array[]) => FieldElement {
  const keyed = hmac.create(sha512, key);
  const own = keyed.clone();
  return (label, ...message) =>
    reduceWide(
      keyed
        ._cloneInto(own)
        .update(concatBytes(utf8ToBytes(label), Uint8Array.of(0), ...message))
        .digest(),
    );
}
