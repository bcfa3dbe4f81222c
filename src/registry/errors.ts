import { defineErrors } from '../protocol/index.js';

/** What can go wrong between a platform and its registry: whose move is next, what to do. */
export const REGISTRY_ERRORS = {
  /** No key of the writer, or something else than one. */
  'writer-key-missing': {
    class: 'usage',
    advice: 'put the key into SOLVENT_REGISTRY_KEY, or name a signer with --signer and --from',
  },
  /** The node is of another chain than the one that was named. */
  'chain-differs': { class: 'usage', advice: 'name the node of the chain that is meant' },
  /** There is other code at the address. */
  'registry-code-differs': {
    class: 'usage',
    advice: 'name the address that solvent registry deploy printed',
  },
  /** Another address writes into the registry. */
  'registry-writer-differs': { class: 'usage', advice: 'use the key that deployed it' },
  /** The registry holds something else already. */
  'registered-already': {
    class: 'usage',
    advice: 'a registry is never written twice: find out who published the other one',
  },
  /** The instant is too close to the registry's last, or before it. */
  'registry-too-close': {
    class: 'usage',
    advice: 'it cannot be registered any more; take the next snapshot later',
  },
  /** Reserves or a rotation of a manifest that the registry does not hold, or not last. */
  'manifest-unregistered': { class: 'usage', advice: 'publish its manifest first' },
  /** Reserves are against another manifest than the one that is published with them. */
  'reserves-of-another-manifest': { class: 'usage', advice: 'name the reserves that were made with it' },
  /** The signer answers with something that is no signed transaction. */
  'signer-answer-malformed': { class: 'source', advice: 'look whether the signer holds the key of --from' },
  /** The chain refused the transaction. */
  'transaction-failed': { class: 'source', advice: 'look at it with the node, and run the command again' },
  /** The transaction is sent and not mined yet. */
  'transaction-waiting': { class: 'source', advice: 'run the command again later: it goes on where it is' },
  /** The node proves another state than that of the block. */
  'proof-of-other-state': { class: 'source', advice: 'use a node that keeps the state of that block' },
} as const;

export type RegistryCode = keyof typeof REGISTRY_ERRORS;

/** Makes an error about a registry. */
export const refuseRegistry = defineErrors(REGISTRY_ERRORS);
