import type {
  Challenges,
  FieldElement,
  RowLayout,
  RunSecret,
  UnitPrice,
  VerificationKey,
} from '../../protocol/index.js';
import type { AggregateOpening } from '../aggregate/circuit-input.js';
import type { OpenedNode } from '../aggregate/layers.js';
import type { AggregateCircuit, BatchCircuit } from '../circuits.js';
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

/** One batch to commit to and to prove. */
export type BatchTask = {
  readonly kind: 'batch';
  readonly loaded: LoadedCircuit;
  readonly circuit: BatchCircuit;
  readonly index: number;
  readonly platform: string;
  readonly secret: RunSecret;
  readonly prices: readonly UnitPrice[];
  /** Where the rows are, and where tree and proof go. */
  readonly batchPath: string;
  readonly treePath: string;
  readonly proofPath: string;
};

/** One aggregate to prove; what it sums is known. */
export type AggregateTask = {
  readonly kind: 'aggregate';
  readonly loaded: LoadedCircuit;
  readonly circuit: AggregateCircuit;
  readonly opening: AggregateOpening;
  readonly digest: FieldElement;
  readonly context: FieldElement;
  readonly proofPath: string;
};

/** One batch of rows to prove, under a sealed manifest. */
export type RowsTask = {
  readonly kind: 'rows';
  readonly loaded: LoadedCircuit;
  readonly circuit: { readonly name: string; readonly layout: RowLayout };
  /** b. */
  readonly index: number;
  /** As the manifest pins it. */
  readonly digest: FieldElement;
  readonly challenges: Challenges;
  /** Where rows, points and seed are, and where the records of groups and the proof go. */
  readonly batchPath: string;
  readonly groupsPath: string;
  readonly proofPath: string;
};

/** What a worker is given. */
export type ProofTask = (BatchTask | AggregateTask | RowsTask) & {
  /** Threads that the proof is spread over; 1 where it is not said. */
  readonly threads?: number;
};

/** A proof that is still to be made. */
export type PendingProof = {
  readonly circuitName: string;
  readonly buildTask: (loaded: LoadedCircuit) => ProofTask;
  /** Told when the proof is on disk. */
  readonly onProven: (node: OpenedNode | undefined) => void;
};
