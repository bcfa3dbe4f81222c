import type {
  PinnedCircuit,
  PricedAsset,
  ReconciliationSummary,
  VerificationKey,
} from '../protocol/index.js';

/** What a snapshot states about the accounts that are to be proven; nothing in it is about one user. */
export type SealedSnapshot = {
  readonly platform: string;
  /** RFC 3339 in UTC, canonical. */
  readonly takenAt: string;
  readonly quote: string;
  readonly scope: { readonly included: string; readonly excluded: readonly string[] };
  /** SHA-256 in hexadecimal; equal hashes mean equal accounts. */
  readonly snapshotHash: string;
  readonly previousManifestHash: string | null;
  /** The scale s of the price table that the assets determine. */
  readonly scale: number;
  /** In the order of the asset indexes of holdings. */
  readonly assets: readonly (PricedAsset & {
    readonly priceSource?: string | null;
    readonly pricedAt?: string | null;
  })[];
  readonly accountCount: number;
  /** Sums in proof units, one for each listed asset, in order. */
  readonly totals: readonly { readonly asset: string; readonly equity: string; readonly debt: string }[];
  readonly rounding: readonly { readonly asset: string; readonly equity: string; readonly debt: string }[];
  readonly writeOffs: {
    readonly accounts: number;
    readonly debts: readonly { readonly asset: string; readonly debt: string }[];
  };
  /** Null or absent where the balances were taken as stated. */
  readonly reconciliation?: ReconciliationSummary | null;
};

/** A compiled circuit with its keys, and where its large files are. */
export type ProvingCircuit = PinnedCircuit & CircuitFiles;

/** What proofs of a circuit are made with. */
export type CircuitFiles = {
  readonly name: string;
  readonly verificationKey: VerificationKey;
  /** The witness generator that circom made. */
  readonly wasmPath: string;
  readonly zkeyPath: string;
  /** SHA-256 of the proving key in hexadecimal, where it is known. */
  readonly zkeySha256?: string;
  /** Holds the large files to their hashes; called before they are opened. */
  readonly checkFiles?: () => Promise<void>;
};
