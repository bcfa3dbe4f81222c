import { defineErrors } from '../protocol/index.js';

/** What can be wrong with a file of iden3's tools: whose move is next, and what to do. */
export const IDEN3_ERRORS = {
  /** It cannot be opened, or is a directory. */
  'file-unreadable': { class: 'usage' },
  /** Not the constraints of a circuit over BN254. */
  'r1cs-malformed': { class: 'artefact', advice: 'compile the circuit again' },
  /** Not a Groth16 proving key over BN254. */
  'zkey-malformed': { class: 'artefact', advice: 'make the keys again' },
  /** Not a witness over BN254. */
  'witness-malformed': { class: 'proving' },
  /** Not a prepared .ptau file over BN254, or cut short. */
  'powers-of-tau-malformed': { class: 'artefact', advice: 'download the file again' },
  /** Powers, but not the evaluations that keys are made from. */
  'powers-of-tau-not-prepared': { class: 'artefact', advice: 'take a file from the published list' },
} as const;

export type Iden3Code = keyof typeof IDEN3_ERRORS;

/** Makes an error about a file of iden3's tools. */
export const refuseFile = defineErrors(IDEN3_ERRORS);
