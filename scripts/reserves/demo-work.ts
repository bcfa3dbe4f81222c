import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { encodePins } from '../../src/protocol/reserves/index.js';
import { listRequests, loadWork, rebaseWork, saveWork, type WorkHead } from '../../src/reserves/index.js';
import { projectRoot } from '../../src/system/index.js';
import { signDemoOutput, sweepDemoOutput } from './demo-bitcoin.js';
import { DEMO_KEYS } from './demo-keys.js';

/** What `capture-demo` made of the default demonstration. */
const CAPTURED = join(projectRoot(), 'conformance/demonstration-reserves');

/**
 * Makes the work of a demonstration of the captured wallets and outputs, of which one is swept with its challenge, with what their
 * public test keys sign for it, as CSV, and the pins of its readers: demonstration tokens and coins, which are worth nothing.
 * @param without leaves out the wallet of this index.
 */
export async function makeDemoWork(
  head: WorkHead,
  paths: { readonly work: string; readonly signatures: string; readonly pins: string },
  { without }: { readonly without?: number } = {},
): Promise<void> {
  const captured = sweepDemoOutput(rebaseWork(await loadWork(CAPTURED), head));
  const left = without === undefined ? undefined : DEMO_KEYS[without]!.address;
  const work = {
    ...captured,
    entries: captured.entries.filter((entry) => entry.kind !== 'wallet' || entry.address !== left),
  };
  await saveWork(paths.work, work);
  await writeFile(paths.pins, encodePins(work.pins));
  const keys = new Map(DEMO_KEYS.map((key) => [key.address, key]));
  const rows = listRequests(work).map(
    ({ address, signer, message }) =>
      `${address},${keys.get(signer)?.sign(message) ?? signDemoOutput(message)}\n`,
  );
  await writeFile(paths.signatures, `address,signature\n${rows.join('')}`);
}
