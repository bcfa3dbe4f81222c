import { ELEMENT_BYTES, parseWitness } from '../../iden3/index.js';
import { refuseProver } from '../errors.js';

/**
 * The values of a witness that belongs to a key of `variableCount` wires; see `parseWitness`.
 * @throws SolventError `witness-malformed` for another format or field, `witness-mismatch` for another number of wires.
 */
export function parseWitnessOf(witness: Uint8Array, variableCount: number): Uint8Array {
  const values = parseWitness(witness);
  if (values.length === variableCount * ELEMENT_BYTES) return values;
  throw refuseProver('witness-mismatch', {
    expected: `a witness of ${variableCount} wires`,
    found: values.length / ELEMENT_BYTES,
  });
}
