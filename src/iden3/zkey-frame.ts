import { type Group, POINT_BYTES } from './bn254.js';
import { encodeField, encodeFileHeader, encodeSectionHeader, encodeUint32 } from './sections.js';
import { GROTH16, ZKEY_SECTION, ZKEY_SIZES_BYTES } from './zkey.js';

/** The sizes that all sections of a key but that of the coefficients follow from. */
export type ZkeySizes = {
  readonly wireCount: number;
  readonly publicCount: number;
  readonly domainSize: number;
};

/** A run of points in a key. */
export type ZkeyRun = 'header' | 'ic' | 'pointsA' | 'pointsB1' | 'pointsB2' | 'pointsC' | 'pointsH';

/** A `.zkey` file of snarkjs for Groth16 without its points and its coefficients. */
export type ZkeyFrame = {
  /** All bytes before the coefficients that are not points, by their place in the file. */
  readonly fixed: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  /** Where in the file the first point of each run stands; those of the header are in its order. */
  readonly offsets: Readonly<Record<ZkeyRun, number>>;
  /** Where the header of the coefficients' section stands; that section comes last, since its length is known last. */
  readonly coefficientsOffset: number;
};

const SECTION_COUNT = Object.keys(ZKEY_SECTION).length;
/** Bytes of the hash of the initial key, where a ceremony has it. */
const CIRCUIT_HASH_BYTES = 64;

/**
 * Lays out a key that lists no contribution.
 * @param mark at most 64 bytes of ASCII in place of the hash of a ceremony's initial key.
 */
export function layOutZkey({ wireCount, publicCount, domainSize }: ZkeySizes, mark: string): ZkeyFrame {
  const fixed: { offset: number; bytes: Uint8Array }[] = [];
  let end = 0;
  const put = (...parts: readonly Uint8Array[]) => {
    const bytes = Buffer.concat(parts);
    fixed.push({ offset: end, bytes });
    end += bytes.length;
  };
  const skip = (sizeBytes: number) => {
    end += sizeBytes;
    return end - sizeBytes;
  };
  const putPoints = (name: Exclude<ZkeyRun, 'header'>, group: Group, count: number) => {
    const sizeBytes = count * POINT_BYTES[group];
    put(encodeSectionHeader(ZKEY_SECTION[name], sizeBytes));
    return skip(sizeBytes);
  };

  put(encodeFileHeader('zkey', SECTION_COUNT));
  put(encodeSectionHeader(ZKEY_SECTION.protocol, 4), encodeUint32(GROTH16));
  const headerPointsBytes = 3 * POINT_BYTES.G1 + 3 * POINT_BYTES.G2;
  put(
    encodeSectionHeader(ZKEY_SECTION.header, ZKEY_SIZES_BYTES + headerPointsBytes),
    encodeField('base'),
    encodeField('scalar'),
    ...[wireCount, publicCount, domainSize].map(encodeUint32),
  );
  const offsets = {
    header: skip(headerPointsBytes),
    ic: putPoints('ic', 'G1', publicCount + 1),
    pointsA: putPoints('pointsA', 'G1', wireCount),
    pointsB1: putPoints('pointsB1', 'G1', wireCount),
    pointsB2: putPoints('pointsB2', 'G2', wireCount),
    pointsC: putPoints('pointsC', 'G1', wireCount - publicCount - 1),
    pointsH: putPoints('pointsH', 'G1', domainSize),
  };
  const hash = Buffer.alloc(CIRCUIT_HASH_BYTES);
  hash.write(mark, 'latin1');
  put(encodeSectionHeader(ZKEY_SECTION.contributions, CIRCUIT_HASH_BYTES + 4), hash, encodeUint32(0));
  return { fixed, offsets, coefficientsOffset: end };
}
