import type { FileKind } from '../../protocol/index.js';
import type { Report } from '../../verifier/index.js';
import type { ReservesAnswer, ReservesGiven } from './reserves.js';
import type { StatementNet } from '../../presentation/index.js';

/** What the page asks its worker. */
export type Question = {
  /** The id as its user typed it. */
  readonly userId: string;
  readonly files: Readonly<Partial<Record<FileKind, Blob>>>;
  /** The manifest hash from a public place, as it was pasted; empty where there is none. */
  readonly manifestHash: string;
  /** The hash of the trust file from a public place, as it was pasted; empty where there is none. */
  readonly trustHash: string;
  /** Reserves to verify beside it; null where the user gave none. */
  readonly reserves: ReservesGiven | null;
  /** Whether keys of a development setup are accepted, which makes every answer INSECURE. */
  readonly allowDevelopmentKeys: boolean;
};

/** Why a check did not come to a report, and which input is at fault. */
export type CheckRefusal = {
  readonly kind: 'refusal';
  /** `unverifiable`: something only the user can bring is missing or wrong. `fault`: the page itself failed. */
  readonly outcome: 'unverifiable' | 'fault';
  readonly code: string;
  readonly about: 'userId' | 'manifestHash' | 'trustHash' | 'page' | FileKind;
};

/** The trust that a report rests on. */
export type TrustShown = {
  /** As `solvent trust show` prints it. */
  readonly hash: string;
  readonly signingKey: string;
  /** Whether the hash was compared with one that the user brought. */
  readonly compared: boolean;
};

/** How far the worker is with the proofs, on the way to its answer. */
export type Progress = { readonly kind: 'progress'; readonly done: number; readonly total: number };

/** What the worker answers. */
export type CheckAnswer =
  | {
      readonly kind: 'report';
      readonly report: Report;
      readonly trust: TrustShown | null;
      /** The lines of the report's statement as they are netted; null where it has none. */
      readonly nets: readonly StatementNet[] | null;
      /** Null where none were given. */
      readonly reserves: ReservesAnswer | null;
    }
  | CheckRefusal;
