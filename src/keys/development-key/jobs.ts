import { writeSync } from 'node:fs';

import { ELEMENT_BYTES, POINT_BYTES, type Group, type R1cs } from '../../iden3/index.js';
import { Bn254 } from './bn254.js';
import type { WriteAt } from './coefficient-section.js';
import { layOutKey, type PointRun } from './key-layout.js';
import { computeKeyScalars } from './key-scalars.js';
import { Multiplier } from './multiplier.js';
import { drawTrapdoor, type Trapdoor, wipeTrapdoor } from './trapdoor.js';
import { computeWindow, type WindowShape } from './window-table.js';

/** Draws a trapdoor, computes all scalars of a key with it, and forgets it. It never leaves the thread that drew it. */
export type ScalarsJob = {
  readonly kind: 'scalars';
  readonly r1cs: R1cs;
  readonly scalars: SharedArrayBuffer;
  /** An open file descriptor of the key; descriptors belong to the process, not to a thread. */
  readonly file: number;
};

/** Computes one window of a table of multiples. */
export type WindowJob = {
  readonly kind: 'window';
  readonly shape: WindowShape;
  readonly window: number;
  readonly table: SharedArrayBuffer;
};

/** Multiplies a stretch of scalars and writes the points into the key. */
export type PointsJob = {
  readonly kind: 'points';
  readonly shape: WindowShape;
  readonly table: SharedArrayBuffer;
  readonly scalars: SharedArrayBuffer;
  readonly run: PointRun;
  readonly file: number;
};

export type Job = ScalarsJob | WindowJob | PointsJob;

/** Runs jobs one after another in one thread, keeping its table of each group from job to job. */
export class JobRunner {
  /** Tables of one shape are equal; the memory that a message brings one in is another object each time. */
  readonly #multipliers = new Map<Group, { readonly windowBits: number; readonly multiplier: Multiplier }>();

  run(job: Job): void {
    switch (job.kind) {
      case 'scalars':
        runScalarsJob(job, drawTrapdoor());
        return;
      case 'window':
        runWindowJob(job);
        return;
      case 'points':
        this.#runPointsJob(job);
        return;
    }
  }

  #runPointsJob({ shape, table, scalars, run, file }: PointsJob): void {
    let held = this.#multipliers.get(shape.group);
    if (held?.windowBits !== shape.windowBits) {
      this.#multipliers.delete(shape.group);
      held = {
        windowBits: shape.windowBits,
        multiplier: new Multiplier(new Bn254(), shape, new Uint8Array(table)),
      };
      this.#multipliers.set(shape.group, held);
    }
    const writeAt = writerTo(file);
    const stretch = new Uint8Array(scalars, run.firstScalar * ELEMENT_BYTES, run.count * ELEMENT_BYTES);
    let { offset } = run;
    held.multiplier.multiply(stretch, (points) => {
      writeAt(points, offset);
      offset += points.length;
    });
    held.multiplier.wipe();
  }
}

/** Runs a scalars job with a given trapdoor, and overwrites it. */
export function runScalarsJob({ r1cs, scalars, file }: ScalarsJob, trapdoor: Trapdoor): void {
  const layout = layOutKey(r1cs);
  const writeAt = writerTo(file);
  try {
    for (const { offset, bytes } of layout.fixed) writeAt(bytes, offset);
    computeKeyScalars(r1cs, layout, { trapdoor, scalars: new Uint8Array(scalars), writeAt });
  } finally {
    wipeTrapdoor(trapdoor);
  }
}

function runWindowJob({ shape, window, table }: WindowJob): void {
  const bn254 = new Bn254();
  const sizeBytes = shape.pointsPerWindow * POINT_BYTES[shape.group];
  const output = bn254.allocate(sizeBytes);
  computeWindow(bn254, shape, window, output);
  new Uint8Array(table).set(bn254.bytes.subarray(output, output + sizeBytes), window * sizeBytes);
}

function writerTo(file: number): WriteAt {
  return (bytes, offset) => {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(file, bytes, done, bytes.length - done, offset + done);
    }
  };
}
