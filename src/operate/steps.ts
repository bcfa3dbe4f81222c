import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { hashTrust, parseTrust, PUBLISHED_FILES } from '../protocol/index.js';
import { makeInclusionArchive, prove, type ProveResult } from '../prover/index.js';
import { spreadOver } from '../queue/index.js';
import { WORK_PINS_FILE } from '../reserves/index.js';
import { publishSite } from '../site/index.js';
import {
  loadSnapshot,
  readAccounts,
  stateSnapshot,
  type Snapshot,
  type SnapshotProgress,
} from '../snapshot/index.js';
import { findCacheDirectory, hashCanonicalJson, hashFile, isThere, makeDirectory } from '../system/index.js';
import { verifyHistory } from '../verifier/index.js';
import { loadHistory, loadPublished } from '../verifier/node/index.js';
import { refuseOperation } from './errors.js';
import type { OperationStep } from './events.js';
import { holdToInputs, type InstantInputs } from './instants.js';
import { atInstant, operationPaths } from './operation.js';
import { openQueue } from './queue.js';
import { captureReserves, publishReserves } from './reserves.js';
import { findHead, switchSite } from './site-link.js';
import { nameLateSource, readSources } from './sources.js';
import { verifyAsStranger, type InstantPlan, type OperationTools } from './tools.js';

/** What an instant came to. */
export type InstantResult = {
  readonly manifestHash: string;
  readonly reservesHash: string | null;
  readonly site: SiteHashes;
};

/** What is announced of a site beside its manifest. */
export type SiteHashes = {
  readonly pageHash: string;
  readonly trustHash: string;
  readonly insecure: boolean;
};

/**
 * Makes everything that an instant needs, in order, and publishes it. A result that is whole and of the same inputs is
 * kept, so that any kill and any second run come to the same published hashes. A failure leaves the published site as
 * it was.
 * @throws SolventError of whatever step.
 */
export async function makeInstant(tools: OperationTools, plan: InstantPlan): Promise<InstantResult> {
  const { operation } = tools;
  const paths = operationPaths(operation).instant(plan.takenAt);
  await makeDirectory(paths.directory, 0o700);
  await holdToInputs(paths.pin, {
    takenAt: plan.takenAt,
    inputs: await describeInputs(tools, plan),
    isMade: await isThere(paths.snapshot),
  });
  const snapshot = await runStep(tools, plan, 'snapshot', () => takeSnapshot(tools, plan));
  if (operation.reserves !== undefined)
    await runStep(tools, plan, 'reserves-capture', () => captureReserves(tools, plan, snapshot));
  const proven = await runStep(tools, plan, 'proofs', () => proveInstant(tools, plan, snapshot));
  await runStep(tools, plan, 'verification', () => verifyInstant(tools, plan, proven));
  await runStep(tools, plan, 'inclusion', () => archiveInclusion(tools, plan));
  const reserves =
    operation.reserves === undefined
      ? null
      : await runStep(tools, plan, 'reserves', () => publishReserves(tools, plan));
  const site = await runStep(tools, plan, 'site', () => writeSite(tools, plan, proven));
  await runStep(tools, plan, 'history', () => checkHistory(tools, plan, proven));
  await runStep(tools, plan, 'publication', () => switchTo(tools, plan, proven));
  return { manifestHash: proven.manifestHash, reservesHash: reserves?.reservesHash ?? null, site };
}

/** Names the step that a failure came up in, and tells of its beginning and its end. */
async function runStep<T extends { readonly wasComplete: boolean }>(
  { onEvent, now }: OperationTools,
  { takenAt }: InstantPlan,
  step: OperationStep,
  make: () => Promise<T>,
): Promise<T> {
  onEvent({ event: 'step-begun', takenAt, step });
  const startedAtMs = now();
  const made = await make();
  const seconds = Math.max(0, now() - startedAtMs) / 1000;
  onEvent({ event: 'step-ended', takenAt, step, seconds, wasComplete: made.wasComplete });
  return made;
}

/** Everything that the published files follow from, but for the sources themselves, which the snapshot keeps. */
async function describeInputs(
  { operation, keys, trust, signer }: OperationTools,
  { takenAt, previousManifestHash, previousReservesHash }: InstantPlan,
): Promise<InstantInputs> {
  const { platform, books, balances, underwater, scope, excluded, leastDistance, reserves } = operation;
  const source =
    books === undefined
      ? { balances: { ...balances, file: '', assets: '' } }
      : {
          config: await hashIfThere(atInstant(books.config, takenAt)),
          accepts: books.acceptBreaks !== undefined,
        };
  const { unsignedAsStated } = reserves ?? {};
  return {
    platform,
    source: hashCanonicalJson({ ...source, underwater: underwater ?? null }),
    scope: hashCanonicalJson({ scope: scope ?? null, excluded }),
    leastDistance: String(leastDistance),
    keys: hashCanonicalJson(keys.circuits.map(({ name, fingerprint }) => [name, fingerprint])),
    signingKey: signer.signingKey.publicKey,
    trust: hashTrust(trust),
    previousManifest: previousManifestHash,
    previousReserves: previousReservesHash,
    reserves: hashCanonicalJson(reserves === undefined ? null : { unsignedAsStated }),
  };
}

async function hashIfThere(path: string): Promise<string | null> {
  return (await isThere(path)) ? hashFile(path) : null;
}

/** The snapshot that is sealed already, or a new one: its sources are read once. */
async function takeSnapshot(
  tools: OperationTools,
  plan: InstantPlan,
): Promise<Snapshot & { readonly wasComplete: boolean }> {
  const { operation, keys } = tools;
  const paths = operationPaths(operation).instant(plan.takenAt);
  const wasComplete = await isThere(paths.snapshot);
  if (wasComplete) return { ...(await loadSnapshot(paths.snapshot)), wasComplete };
  const wide = keys.circuits.flatMap(({ parameters }) =>
    parameters.kind === 'margin' ? [parameters.slots] : [],
  );
  const taken = await readSources(operation, {
    takenAt: plan.takenAt,
    outDirectory: paths.snapshot,
    findingsDirectory: paths.findings,
    ...(wide.length === 0 ? {} : { wideSlots: Math.max(...wide) }),
    onProgress: ({ stage, done, total }: SnapshotProgress) => {
      tools.onEvent({ event: 'progress', takenAt: plan.takenAt, step: 'snapshot', stage, done, total });
    },
  }).catch((error: unknown) => {
    throw nameLateSource(error, operation, { takenAt: plan.takenAt, nowMs: tools.now() });
  });
  if (taken.platform === operation.platform) return taken;
  throw refuseOperation('platform-differs', { expected: operation.platform, found: taken.platform });
}

async function proveInstant(
  { operation, keys, signer, lock, onEvent }: OperationTools,
  { takenAt, previousManifestHash }: InstantPlan,
  snapshot: Snapshot,
): Promise<ProveResult> {
  const { scope, excluded, leastDistance, engine } = operation;
  const cache = findCacheDirectory();
  return prove({
    snapshot: stateSnapshot(snapshot, {
      ...(scope === undefined ? {} : { included: scope }),
      excluded,
      previousManifestHash,
      leastDistanceMs: leastDistance,
    }),
    accountCount: snapshot.accountCount,
    accounts: () => readAccounts(snapshot),
    profile: keys.profile,
    circuits: keys.circuits,
    signingKey: signer.signingKey,
    ledger: {
      assertFree: (instant, run) => signer.ledger.assertFree(instant, run),
      record: async (entry) => {
        // A machine that slept may have lost its lock: what another signs meanwhile is not signed here.
        await lock.assertHeld();
        await signer.ledger.record(entry);
      },
    },
    runDirectory: operationPaths(operation).instant(takenAt).run,
    workers: operation.workers ?? availableParallelism(),
    engine,
    ...(operation.queue === undefined
      ? {}
      : spreadOver({
          ...openQueue(operation.queue),
          onNote: (note) => {
            onEvent({ event: 'queue', takenAt, note });
          },
        })),
    ...(cache === undefined ? {} : { cacheDirectory: cache }),
    onProgress: ({ stage, done, total }) => {
      onEvent({ event: 'progress', takenAt, step: 'proofs', stage, done, total });
    },
    onStep: (step) => {
      if (step.step === 'manifest-sealed')
        onEvent({ event: 'sealed', takenAt, manifestHash: step.manifestHash });
    },
  });
}

async function verifyInstant(
  { operation }: OperationTools,
  { takenAt, previousManifestHash }: InstantPlan,
  { manifestHash, bundleDirectory }: ProveResult,
): Promise<{ readonly wasComplete: boolean }> {
  const head = await findHead(operationPaths(operation).site);
  if (head?.manifestHash === manifestHash && head.takenAt === takenAt) return { wasComplete: true };
  await verifyAsStranger(operation, {
    bundle: bundleDirectory,
    trust: operation.trust,
    manifestHash,
    previousManifestHash,
    allowDevelopmentKeys: operation.developmentKeys === 'allow',
    workers: operation.workers ?? availableParallelism(),
  });
  return { wasComplete: false };
}

async function archiveInclusion(
  { operation, onEvent }: OperationTools,
  { takenAt }: InstantPlan,
): Promise<{ readonly wasComplete: boolean }> {
  const { inclusion, run } = operationPaths(operation).instant(takenAt);
  if (await isThere(inclusion)) return { wasComplete: true };
  await makeInclusionArchive(run, inclusion, {
    onProgress: ({ stage, done, total }) => {
      onEvent({ event: 'progress', takenAt, step: 'inclusion', stage, done, total });
    },
  });
  return { wasComplete: false };
}

/** The version of the site that is whole already, or a new one: it goes on from the site that is published. */
async function writeSite(
  { operation }: OperationTools,
  { takenAt, previousSite }: InstantPlan,
  { manifestHash }: ProveResult,
): Promise<SiteHashes & { readonly wasComplete: boolean }> {
  const paths = operationPaths(operation);
  const version = paths.version(takenAt);
  const head = await findHead(version);
  if (head === undefined) {
    const { run, reserves, reservesWork } = paths.instant(takenAt);
    const { trust, rotations, language } = operation;
    const pins = join(reservesWork, WORK_PINS_FILE);
    const beside = operation.reserves === undefined ? {} : { reserves, pins };
    await publishSite({ run, trust, previous: previousSite, rotations, language, ...beside }, version);
  } else if (head.manifestHash !== manifestHash) {
    throw refuseOperation('site-differs', {
      expected: `the site of the manifest ${manifestHash} in ${version}`,
      found: `that of ${head.manifestHash}`,
    });
  }
  return { ...(await describeSite(version)), wasComplete: head !== undefined };
}

/** What is announced of a site that is there. */
export async function describeSite(site: string): Promise<SiteHashes> {
  const trust = await loadPublished(join(site, PUBLISHED_FILES.trust.fileName), parseTrust);
  return {
    pageHash: await hashFile(join(site, 'check.html')),
    trustHash: hashTrust(trust),
    insecure: trust.circuits.some(({ provenance }) => provenance.kind === 'insecure-development'),
  };
}

/** Walks the history of the new site as its readers will. @throws SolventError with a `HistoryCode`. */
async function checkHistory(
  { operation, trust }: OperationTools,
  { takenAt }: InstantPlan,
  { manifestHash }: ProveResult,
): Promise<{ readonly wasComplete: boolean }> {
  verifyHistory(await loadHistory(operationPaths(operation).version(takenAt)), {
    lastManifestHash: manifestHash,
    signingKey: trust.signingKey,
  });
  return { wasComplete: false };
}

async function switchTo(
  { operation, lock }: OperationTools,
  { takenAt }: InstantPlan,
  { manifestHash }: ProveResult,
): Promise<{ readonly wasComplete: boolean }> {
  const paths = operationPaths(operation);
  const head = await findHead(paths.site);
  if (head?.manifestHash === manifestHash) return { wasComplete: true };
  await lock.assertHeld();
  await switchSite(paths, paths.version(takenAt));
  return { wasComplete: false };
}
