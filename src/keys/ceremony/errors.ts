/** What can go wrong in a ceremony. */
export type CeremonyCode =
  /** usage: the folder holds no ceremony. */
  | 'ceremony-missing'
  /** usage: nothing that names a public value. */
  | 'announcement-unfit'
  /** usage: the ceremony has its beacon; nothing can be added. */
  | 'ceremony-closed'
  /** usage: someone else's contribution was begun here and not finished. */
  | 'contribution-unfinished'
  /** usage: a name that a contributor cannot have. */
  | 'contributor-name-unfit'
  /** usage: a public value that is no value, or that was known before the ceremony. */
  | 'beacon-unfit'
  /** usage: the folder for the keys holds keys of another origin, which are not overwritten. */
  | 'keys-exist'
  /** artefact: nobody contributed: the keys can be forged with by anyone. */
  | 'ceremony-without-contribution'
  /** artefact: the ceremony was not closed by a public value. */
  | 'ceremony-without-beacon'
  /** artefact: the transcript is of circuits, or sizes, that this source does not have. */
  | 'ceremony-of-other-circuits'
  /** artefact: a step of the transcript does not follow from the one before. */
  | 'transcript-broken'
  /** artefact: a step's signature is not one of its key over this step. */
  | 'transcript-signature-invalid'
  /** artefact: a key lists other contributions than the transcript. */
  | 'transcript-of-other-keys'
  /** artefact: a key's file is missing, or is not the one that the transcript names. */
  | 'ceremony-key-changed'
  /** artefact: a file is no Groth16 key over BN254 as snarkjs writes them. */
  | 'ceremony-key-malformed'
  /** artefact: a key does not follow from its circuit and the powers of tau by its contributions. */
  | 'ceremony-key-invalid'
  /** artefact: a contribution that changed nothing, or undid others. */
  | 'contribution-empty'
  /** artefact: a fingerprint that was published is not that of the ceremony's key. */
  | 'fingerprint-differs';
