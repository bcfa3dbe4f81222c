import { type FieldElement, generatorsOf, nameOfLayout, type RowLayout } from '../../protocol/index.js';
import { chooseKernel } from '../engine/wasm/choose-kernel.js';
import { Kernel } from '../engine/wasm/kernel.js';
import { FixedBases } from './fixed-base.js';

/** The points of rows and of masks, made by tables that are built once for each layout. */
export class PointMaker {
  readonly #kernel: Kernel;
  readonly #bases = new Map<string, FixedBases>();

  private constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  static async open(): Promise<PointMaker> {
    return new PointMaker(await Kernel.open(await chooseKernel()));
  }

  /**
   * The tables of a layout's generators: `commit(values, blind)` makes the 32 bytes of sum of values_i G_i + blind H.
   * @param combinations how many points will be made of it, more or less.
   */
  committerOf(layout: RowLayout, combinations: number): PointCommitter {
    const key = `${layout.indexBits}/${nameOfLayout(layout)}`;
    let bases = this.#bases.get(key);
    if (bases === undefined) {
      const { words, blind } = generatorsOf(layout);
      bases = new FixedBases(this.#kernel, [...words, blind], combinations);
      this.#bases.set(key, bases);
    }
    const made = bases;
    return (values, blind) => made.combine([...values, blind]);
  }
}

/** Makes the 32 bytes of a commitment. @throws SolventError `point-at-infinity`. */
export type PointCommitter = (values: readonly FieldElement[], blind: FieldElement) => Uint8Array;
