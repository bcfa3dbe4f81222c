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
   * The tables of a layout's generators: `commit(rows)` makes the 32 bytes of sum of values_i G_i + blind H for each.
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
    return (openings) => made.combineAll(openings.map(({ values, blind }) => [...values, blind]));
  }
}

/** What a point opens to. */
export type PointOpening = { readonly values: readonly FieldElement[]; readonly blind: FieldElement };

/** Makes the 32 bytes of many commitments. @throws SolventError `point-at-infinity`. */
export type PointCommitter = (openings: readonly PointOpening[]) => Uint8Array[];
