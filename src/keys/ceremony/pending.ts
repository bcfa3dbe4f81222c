import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { hashFile, readIfExists } from '../../system/index.js';
import { encodeJsonLine, parseJsonLine, parseSchema, primitives as p } from '../../protocol/index.js';
import { ceremonyKeyPath } from './directory.js';
import { storeFile } from '../disk.js';
import { stepKeySchema, type StepKey } from '../../protocol/ceremony/index.js';
import { refuseKeys } from '../errors.js';

const PENDING_FILE = 'unfinished.json';
const PENDING_FORMAT = 'solvent/ceremony-unfinished/v1';
const MAX_PENDING_BYTES = 64 * 1024;

const schema = z.strictObject({
  format: z.literal(PENDING_FORMAT),
  /** The step that it continues. */
  previous: p.sha256Hex,
  /** Whose contribution, or which beacon. */
  author: p.prose,
  keys: z.array(stepKeySchema).max(32),
});

/** A step that was begun on this machine: the circuits whose keys are made. */
export type PendingStep = z.infer<typeof schema>;

/**
 * The circuits of a step that are done: from an earlier run of the same author on this machine, where there was one and
 * its keys are still there.
 * @throws SolventError `contribution-unfinished` where another author's step was begun and is not to be dropped.
 */
export async function resumeStep(
  localDirectory: string,
  step: { readonly directory: string; readonly previous: string; readonly author: string },
  { discardUnfinished }: { discardUnfinished: boolean },
): Promise<readonly StepKey[]> {
  const found = await findPending(localDirectory);
  if (found?.previous !== step.previous || discardUnfinished) return [];
  if (found.author !== step.author) {
    throw refuseKeys('contribution-unfinished', {
      expected: 'the same author as the step that was begun here',
      found: `${step.author} after ${found.author}`,
      details: { begunBy: found.author },
    });
  }
  const whole: StepKey[] = [];
  for (const key of found.keys) {
    const path = ceremonyKeyPath(step.directory, key.circuit, key.afterSha256);
    const sha256 = await hashFile(path, { followLinks: false }).catch(() => undefined);
    if (sha256 === key.afterSha256) whole.push(key);
  }
  return whole;
}

/** Notes which circuits of a step are done. @throws SolventError `disk-full`. */
export async function savePending(localDirectory: string, step: Omit<PendingStep, 'format'>): Promise<void> {
  await storeFile(join(localDirectory, PENDING_FILE), encodeJsonLine({ format: PENDING_FORMAT, ...step }));
}

/** Forgets a step that was begun: it is in the transcript, or was dropped. */
export async function removePending(localDirectory: string): Promise<void> {
  await rm(join(localDirectory, PENDING_FILE), { force: true });
}

async function findPending(localDirectory: string): Promise<PendingStep | undefined> {
  const bytes = await readIfExists(join(localDirectory, PENDING_FILE));
  if (bytes === undefined) return undefined;
  try {
    return parseSchema(schema, PENDING_FORMAT, parseJsonLine(bytes, MAX_PENDING_BYTES));
  } catch {
    // A note is a convenience: one that cannot be read is one that is not there.
    return undefined;
  }
}
