/** What a run is doing; `done` and `total` count the same thing. */
export type ProveProgress = {
  readonly stage:
    | 'sharding'
    | 'proving batches'
    | 'proving aggregates'
    /** All proofs once more, before the manifest is signed. */
    | 'checking proofs'
    | 'writing inclusion files'
    /** Nothing can be proven before another key is there. */
    | 'waiting for keys';
  readonly done: number;
  readonly total: number;
  readonly unit: 'accounts' | 'proofs' | 'batches' | 'keys';
  /** The circuits whose keys are awaited: one at least while waiting for keys, absent in other stages. */
  readonly circuits?: readonly string[];
};

/** Told at the start of each stage, then at each step of it, and again when it goes on after a wait. It must not throw. */
export type ProveListener = (progress: ProveProgress) => void;
