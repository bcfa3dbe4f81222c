import { join } from 'node:path';

import { formatDecimal } from '../../protocol/index.js';
import type { Scratch } from '../database/scratch.js';
import { sealFile, type SealedFile } from '../sealed/sealed-files.js';
import { COMPONENTS_FILE, INSTRUMENTS_FILE, HOUSE_FILE } from '../sealed/snapshot-file.js';
import type { BooksConfig } from './config.js';

/** The files beside the statements that programs read. */
export type DetailFiles = readonly [
  SealedFile<typeof COMPONENTS_FILE>,
  SealedFile<typeof INSTRUMENTS_FILE>,
  SealedFile<typeof HOUSE_FILE>,
];

/**
 * Writes components, instruments and the house's accounts of books that were valued, for their owner alone to read.
 * @param directory the snapshot's.
 */
export async function writeDetails(
  scratch: Scratch,
  { maxMarkAgeNs, modelPrices }: BooksConfig,
  { directory, atNs }: { readonly directory: string; readonly atNs: bigint },
): Promise<DetailFiles> {
  await scratch.set('at_ns', atNs);
  await scratch.set('max_mark_age_ns', maxMarkAgeNs);
  await scratch.set('model_rate', modelPrices.allowed ? formatDecimal(modelPrices.rate) : null);
  await scratch.set('model_day_count', modelPrices.allowed ? modelPrices.dayCount : null);
  const write = async <Name extends string>(query: string, name: Name): Promise<SealedFile<Name>> => {
    await scratch.set('details_path', join(directory, name));
    await scratch.run(`books/details/${query}`);
    return sealFile(directory, name);
  };
  return [
    await write('write-components', COMPONENTS_FILE),
    await write('write-instruments', INSTRUMENTS_FILE),
    await write('write-house', HOUSE_FILE),
  ];
}
