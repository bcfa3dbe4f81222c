import type {
  BatchValues,
  Challenges,
  FieldElement,
  Proof,
  RowLayout,
  VerificationKey,
} from '../../protocol/index.js';
import type { EngineName, SharedProvingKey } from '../engine/index.js';
import type { WasmModule } from '../witness/webassembly.js';

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
  /** Where rows and seed are, and where the proof goes. */
  readonly batchPath: string;
  readonly proofPath: string;
};

/** A proof that verifies, with the values that it shows. */
export type FinishedProof = { readonly values: BatchValues; readonly proof: Proof };
