/** The time now, to the second, as transcripts state it. */
export function currentInstant(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

/** What is being done. */
export type CeremonyStage =
  | 'reading powers of tau'
  | 'compiling'
  | 'making the initial key'
  | 'checking the key'
  | 'contributing'
  | 'applying the beacon'
  | 'verifying'
  | 'verifying with snarkjs'
  | 'installing';

/** How far a stage is, for one circuit or for none; `done` and `total` count bytes, points or circuits. */
export type CeremonyProgress = {
  readonly stage: CeremonyStage;
  readonly circuit?: string;
  /** Where a stage has several, which are counted one by one. */
  readonly part?: string;
  readonly done: number;
  readonly total: number;
};

export type OnCeremonyProgress = (progress: CeremonyProgress) => void;
