/** What a run is doing; `done` and `total` count the same thing. */
export type ProveProgress = {
  readonly stage:
    /** Accounts are read, and cut into rows. */
    | 'cutting rows'
    /** Points, lists and digests of all rows, before the manifest is sealed. */
    | 'committing'
    | 'proving'
    /** All proofs once more, before the manifest is signed. */
    | 'checking proofs'
    | 'writing inclusion files';
  readonly done: number;
  readonly total: number;
  readonly unit: 'users' | 'rows' | 'proofs';
};

/** Told at the start of each stage and at each step of it. It must not throw. */
export type ProveListener = (progress: ProveProgress) => void;

/** A step of a run, of which everything is on disk. */
export type ProveStep =
  | { readonly step: 'rows-cut'; readonly batches: number }
  /** The kernel does not hash as poseidon-lite does, and circomlibjs hashes in its place. */
  | { readonly step: 'kernel-refused' }
  | { readonly step: 'batch-committed'; readonly batch: number }
  | { readonly step: 'commitments-stored' }
  /** From here on the manifest hash can be announced; it is not valid before the bundle is there. */
  | { readonly step: 'manifest-sealed'; readonly manifestHash: string }
  | { readonly step: 'totals-weighed' }
  | { readonly step: 'proof-kept'; readonly batch: number }
  | { readonly step: 'bundle-written' };
