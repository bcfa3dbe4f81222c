export { decodeCoordinate, ELEMENT_BYTES, POINT_BYTES, rootOfUnity, type Group } from './bn254.js';
export { bigintToLittleEndian, littleEndianToBigint, powerModulo } from './integers.js';
