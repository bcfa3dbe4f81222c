import type {
  BatchValues,
  Challenges,
  FieldElement,
  Proof,
  Row,
  RowLayout,
  VerificationKey,
} from '../../protocol/index.js';
import type { BatchSeed } from '../commit/run-seeds.js';
import type { EngineName, SharedProvingKey } from '../engine/index.js';
import type { WasmModule } from '../witness/generator.js';

/** A circuit that any thread can prove with; posting it to one copies neither key nor code. */
export type LoadedCircuit = {
  readonly name: string;
  readonly engine: EngineName;
  readonly key: SharedProvingKey;
  readonly generator: WasmModule;
  readonly verificationKey: VerificationKey;
};

/** What a worker is given: one batch to prove, under a sealed manifest. */
export type ProofTask = {
  readonly loaded: LoadedCircuit;
  readonly layout: RowLayout;
  /** As the manifest pins it. */
  readonly digest: FieldElement;
  readonly challenges: Challenges;
} & (KeptBatch | SeededRows);

/** Where rows and seed are on this machine, and where the proof goes. */
export type KeptBatch = { readonly batchPath: string; readonly proofPath: string };

/** Rows and seed themselves, as a worker of another machine is sent them; the proof is kept nowhere. */
export type SeededRows = {
  /** All N rows in order, dummies included. */
  readonly rows: readonly Row[];
  readonly seed: BatchSeed;
};

/** A proof that verifies, with the values that it shows. */
export type FinishedProof = { readonly values: BatchValues; readonly proof: Proof };
