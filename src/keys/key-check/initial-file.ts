import { createHash } from 'node:crypto';

import {
  encodeFileHeader,
  encodeSectionHeader,
  encodeUint32,
  POINT_BYTES,
  withFileSync,
  ZKEY_SECTION,
  type ZkeyLayout,
} from '../../iden3/index.js';
import { PointReader, readAll, type PointSource } from './point-reader.js';
import { generatorBytes } from './points.js';

/** Bytes of a key that are hashed at a time: more than a header has. */
const CHUNK_BYTES = 1 << 24;

/** What the file of an initial key is made of. */
export type InitialFileSource = {
  /** A key that contributions were made to: what they do not change is taken from it. */
  readonly zkeyPath: string;
  readonly layout: ZkeyLayout;
  /** The points H, as the powers of tau have them. */
  readonly rows: PointSource;
  /** Of the wires that are not public, before anyone contributed. */
  readonly wires: Uint8Array;
  readonly circuitHash: Uint8Array;
};

/** SHA-256, in hexadecimal, of the initial key as a file: sections in the order in which snarkjs writes them. */
export function hashInitialFile({ zkeyPath, layout, rows, wires, circuitHash }: InitialFileSource): string {
  const hash = createHash('sha256');
  const put = (id: number, sizeBytes: number, ...parts: readonly Uint8Array[]) => {
    hash.update(encodeSectionHeader(id, sizeBytes));
    for (const part of parts) hash.update(part);
  };
  const copy = (id: number, change?: (bytes: Uint8Array) => void) => {
    const { position, sizeBytes } = layout.sections.get(id)!;
    put(id, sizeBytes);
    visitBytes(zkeyPath, { position, sizeBytes }, (bytes) => {
      change?.(bytes);
      hash.update(bytes);
    });
  };
  hash.update(encodeFileHeader('zkey', Object.keys(ZKEY_SECTION).length));
  copy(ZKEY_SECTION.protocol);
  copy(ZKEY_SECTION.header, (bytes) => {
    const delta = Buffer.concat([generatorBytes('G1'), generatorBytes('G2')]);
    bytes.set(delta, bytes.length - delta.length);
  });
  copy(ZKEY_SECTION.coefficients);
  copy(ZKEY_SECTION.ic);
  put(ZKEY_SECTION.pointsH, rows.count * POINT_BYTES.G1);
  new PointReader().visit(rows, (points) => hash.update(points));
  put(ZKEY_SECTION.pointsC, wires.length, wires);
  for (const id of [ZKEY_SECTION.pointsA, ZKEY_SECTION.pointsB1, ZKEY_SECTION.pointsB2]) copy(id);
  put(ZKEY_SECTION.contributions, circuitHash.length + 4, circuitHash, encodeUint32(0));
  return hash.digest('hex');
}

function visitBytes(
  path: string,
  { position, sizeBytes }: { readonly position: number; readonly sizeBytes: number },
  use: (bytes: Uint8Array) => void,
): void {
  withFileSync(path, (descriptor) => {
    for (let done = 0; done < sizeBytes; done += CHUNK_BYTES) {
      const bytes = new Uint8Array(Math.min(CHUNK_BYTES, sizeBytes - done));
      readAll(descriptor, bytes, position + done);
      use(bytes);
    }
  });
}
