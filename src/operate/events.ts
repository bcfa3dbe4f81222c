import type { QueueNote } from '../queue/index.js';

/** The steps of an instant, in order; `wait` is before the first. */
export const OPERATION_STEPS = [
  'snapshot',
  'reserves-capture',
  'proofs',
  'verification',
  'inclusion',
  'reserves',
  'site',
  'history',
  'publication',
] as const;

export type OperationStep = (typeof OPERATION_STEPS)[number];

/** What an operation tells while it works: never an id, a balance or a secret. */
export type OperationEvent =
  | {
      readonly event: 'run-begun';
      readonly takenAt: string;
      readonly previousManifestHash: string | null;
      /** Room on the fuller volume, of which so much is needed. */
      readonly freeBytes: number;
      readonly neededBytes: number;
    }
  | { readonly event: 'nothing-due'; readonly next: string | null }
  | {
      readonly event: 'missed';
      readonly from: string;
      readonly to: string;
      readonly count: number;
      readonly rule: 'skip' | 'make';
    }
  | { readonly event: 'step-begun'; readonly takenAt: string; readonly step: OperationStep }
  | {
      readonly event: 'progress';
      readonly takenAt: string;
      readonly step: OperationStep;
      readonly stage: string;
      readonly done: number;
      readonly total: number;
    }
  | { readonly event: 'queue'; readonly takenAt: string; readonly note: QueueNote }
  | { readonly event: 'sealed'; readonly takenAt: string; readonly manifestHash: string }
  | {
      readonly event: 'step-ended';
      readonly takenAt: string;
      readonly step: OperationStep;
      readonly seconds: number;
      /** Whether all of it was there already. */
      readonly wasComplete: boolean;
    }
  | {
      readonly event: 'published';
      readonly takenAt: string;
      readonly manifestHash: string;
      readonly previousManifestHash: string | null;
      readonly reservesHash: string | null;
      readonly trustHash: string;
      readonly pageHash: string;
      readonly insecure: boolean;
      readonly wasComplete: boolean;
    }
  | {
      readonly event: 'refused' | 'failed';
      readonly takenAt: string | null;
      readonly step: OperationStep | null;
      readonly code: string;
      readonly class: string;
      /** Absent where it may name what belongs to a user. */
      readonly message?: string;
    }
  | { readonly event: 'hook-failed'; readonly hook: string; readonly code: string };

/** Told of each event; it must not throw. */
export type OperationListener = (event: OperationEvent) => void;
