/** What can be wrong with a file of iden3's tools. */
export type Iden3Code =
  | 'file-unreadable' // usage: it cannot be opened, or is a directory
  | 'r1cs-malformed' // artefact: not the constraints of a circuit over BN254
  | 'zkey-malformed' // artefact: not a Groth16 proving key over BN254
  | 'witness-malformed' // proving: not a witness over BN254
  | 'powers-of-tau-malformed' // artefact: not a prepared .ptau file over BN254, or cut short
  | 'powers-of-tau-not-prepared'; // artefact: powers, but not the evaluations that keys are made from
