/** What a run is doing; `done` and `total` count the same thing. */
export type ProveProgress = {
  readonly stage: 'sharding' | 'proving batches' | 'proving aggregates' | 'writing inclusion files';
  readonly done: number;
  readonly total: number;
  readonly unit: 'accounts' | 'proofs' | 'batches';
};

/** Told at the start of each stage, then at each step of it. It must not throw. */
export type ProgressListener = (progress: ProveProgress) => void;
