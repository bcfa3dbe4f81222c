export { READ_CHUNK_BYTES, readFileShared, readInto, withFile, withFileSync } from './binary-file.js';
export { decodeCoordinate, ELEMENT_BYTES, POINT_BYTES, rootOfUnity, type Group } from './bn254.js';
export { IDEN3_ERRORS, refuseFile, type Iden3Code } from './errors.js';
export { bigintToLittleEndian, littleEndianToBigint, powerModulo } from './integers.js';
export {
  cutTauPowers,
  locatePtauPoints,
  readPtauHeader,
  type PtauHeader,
  type PtauPositions,
} from './ptau.js';
export {
  MATRICES,
  readR1cs,
  visitTerms,
  type Matrix,
  type R1cs,
  type R1csSizes,
  type TermMemory,
} from './r1cs.js';
export {
  encodeFileHeader,
  encodeSectionHeader,
  encodeUint32,
  SECTION_HEADER_BYTES,
  viewOf,
  type Section,
} from './sections.js';
export { encodeWitnessHeader, parseWitness, readPublicSignals, WITNESS_HEADER_BYTES } from './wtns.js';
export {
  COEFFICIENT_BYTES,
  COEFFICIENT_COUNT_BYTES,
  readContributionsSection,
  readVerificationKey,
  readZkeyLayout,
  ZKEY_SECTION,
  type ZkeyLayout,
} from './zkey.js';
export { layOutZkey, type ZkeyFrame, type ZkeySizes } from './zkey-frame.js';
