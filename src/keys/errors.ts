import { defineErrors } from '../protocol/index.js';

/** What can go wrong with circuits, proving keys and their ceremony: whose move is next, and what to do. */
export const KEYS_ERRORS = {
  // Circuits.
  /** A circuit or a file that it includes is not where the package should have it. */
  'circuit-source-missing': { class: 'artefact', advice: 'install the package again' },
  /** The compiler ended with an error, or without what it was asked for. */
  'circuit-compilation-failed': { class: 'artefact' },

  // Development keys and the directory of keys.
  /** A thread that makes keys ended early. */
  'key-worker-failed': { class: 'invariant' },
  /** The directory holds no list of keys. */
  'keys-missing': { class: 'usage', advice: 'run solvent setup, or name the directory that it made' },
  /** The list lacks circuits of its profile: they are still being made, or the setup that made them was stopped. */
  'keys-incomplete': { class: 'usage', advice: 'run solvent setup again' },
  /** The directory holds keys of another profile, which are not overwritten. */
  'keys-of-another-profile': { class: 'usage', advice: 'name another directory' },
  /** The profile has other circuits in this version of the program, or the list another format. */
  'keys-of-another-version': {
    class: 'artefact',
    advice: 'run solvent setup in a new directory, or the version of Solvent that made these keys',
  },
  /** The list contradicts itself: a tag, name or fingerprint that does not follow from the rest. */
  'keys-inconsistent': { class: 'artefact', advice: 'make the keys again in a new directory' },
  /** Circuits of two numbers of index bits lie in one directory. */
  'keys-mixed': { class: 'artefact', advice: 'make all keys again in a new directory' },
  /** A file that the list names is not there. */
  'key-file-missing': { class: 'artefact', advice: 'run solvent setup again' },
  /** A file does not have the size or the hash that the list states. */
  'key-file-changed': { class: 'artefact', advice: 'run solvent setup again' },

  // Powers of tau.
  /** The circuits would need a larger file. */
  'powers-of-tau-too-small': { class: 'artefact', advice: 'take a larger one' },
  /** The hash is not a published one, and nobody said that it need not be. */
  'powers-of-tau-unknown': {
    class: 'artefact',
    advice:
      'download it again, or say that it is untrusted: whoever made it can then forge every proof, and every bundle says so',
  },
  /** Another file than the one that a ceremony was begun with. */
  'powers-of-tau-changed': { class: 'artefact', advice: 'bring the file that the ceremony was begun with' },

  // Ceremonies.
  /** The directory holds no ceremony. */
  'ceremony-missing': {
    class: 'usage',
    advice: 'run solvent ceremony init, or copy the whole directory',
  },
  /** Nothing that names a public value. */
  'announcement-unfit': { class: 'usage' },
  /** The ceremony has its beacon, or as many contributions as there can be. */
  'ceremony-closed': { class: 'usage', advice: 'begin a new one' },
  /** Someone else's contribution was begun here and not finished. */
  'contribution-unfinished': {
    class: 'usage',
    advice: 'finish that one, or say that it is to be dropped',
  },
  /** A name that a contributor cannot have. */
  'contributor-name-unfit': { class: 'usage' },
  /** A public value that is no value, or that was known before the ceremony. */
  'beacon-unfit': { class: 'usage', advice: 'take the value that the ceremony announced' },
  /** The directory for the keys holds keys of another origin, which are not overwritten. */
  'keys-exist': { class: 'usage', advice: 'name another directory' },
  /** Nobody contributed. */
  'ceremony-without-contribution': {
    class: 'artefact',
    advice: 'anyone could forge proofs with these keys, with a beacon or without',
  },
  /** The ceremony was not closed by a public value. */
  'ceremony-without-beacon': { class: 'artefact' },
  /** The transcript is of circuits, or sizes, that this source does not have. */
  'ceremony-of-other-circuits': {
    class: 'artefact',
    advice: 'use the version of this program that the ceremony was made for',
  },
  /** A step of the transcript does not follow from the one before. */
  'transcript-broken': { class: 'artefact', advice: 'the transcript has a gap, or was changed' },
  /** A step's signature is not one of its key over this step. */
  'transcript-signature-invalid': {
    class: 'artefact',
    advice: 'the transcript was changed, or is not theirs',
  },
  /** A key lists other contributions than the transcript. */
  'transcript-of-other-keys': { class: 'artefact', advice: 'the transcript is not that of these keys' },
  /** A key's file is missing, or is not the one that the transcript names. */
  'ceremony-key-changed': { class: 'artefact', advice: 'copy the whole directory again' },
  /** A file is no Groth16 key over BN254 as snarkjs writes them. */
  'ceremony-key-malformed': { class: 'artefact', advice: 'ask for the directory as it was before' },
  /** A key does not follow from its circuit and the powers of tau by its contributions. */
  'ceremony-key-invalid': {
    class: 'artefact',
    advice: 'do not use these keys, and ask who made the last step',
  },
  /** A contribution that changed nothing, or undid others. */
  'contribution-empty': { class: 'artefact', advice: 'ask for the directory as it was before' },
  /** Keys that state a ceremony lie without what shows it. */
  'ceremony-evidence-missing': {
    class: 'artefact',
    advice: 'run solvent ceremony finish again with the directory of the ceremony',
  },
  /** A fingerprint that was published is not that of the ceremony's key. */
  'fingerprint-differs': { class: 'artefact', advice: 'what was published is not from this ceremony' },
} as const;

export type KeysCode = keyof typeof KEYS_ERRORS;

/** Makes an error about circuits, keys or a ceremony. */
export const refuseKeys = defineErrors(KEYS_ERRORS);
