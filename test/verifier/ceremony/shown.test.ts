import { mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { batches, platform as alone } from '../../../conformance/adversary/case.js';
import {
  QUICKNET_ROUND,
  simulateCeremony,
  stateProvenance,
} from '../../../conformance/adversary/ceremony.js';
import { proveLogged, proveRegistered } from '../../../conformance/adversary/publication.js';
import { publish, toSource, type Platform } from '../../../conformance/adversary/world.js';
import {
  encodeJsonLine,
  encodeLogEntry,
  formatManifestHash,
  hashTrust,
  type KeyProvenance,
} from '../../../src/protocol/index.js';
import { encodeCeremonyEvidence, type CeremonyEvidence } from '../../../src/protocol/ceremony/index.js';
import { createPairing, verifyBundle, type Report, type VerifyOptions } from '../../../src/verifier/index.js';
import { runCommand } from '../../../src/verifier/command/program.js';
import { renderReport } from '../../../src/verifier/command/render.js';
import { renderHtml } from '../../../src/verifier/html/page.js';
import { writeBundle } from '../bundle-files.js';

const pairing = await createPairing();
const root = mkdtempSync(join(tmpdir(), 'solvent-shown-'));
const at = (...names: string[]) => join(root, ...names);
afterAll(() => rm(root, { recursive: true }));

/** Three people, who took part in the ceremony of the honest platform. */
const ceremony = simulateCeremony('honest', ['Alice', 'Bob', 'Carol']);
const honest = publish(ceremony.platform, batches);
const { manifest } = honest;
const evidence = encodeCeremonyEvidence(ceremony.evidence);

const verify = (given: Partial<VerifyOptions>, { trust } = ceremony.platform, published = honest) =>
  verifyBundle(toSource(published), trust, { pairing, ...given });
/** The report as it is read at a terminal, wherever its lines are broken. */
const read = (report: Report) => renderReport(report).replace(/\s+/g, ' ');
const passed = ({ checks }: Report) => checks.filter(({ result }) => result === 'passed');

async function run(directory: string, ...more: string[]): Promise<{ exitCode: number; out: string }> {
  let out = '';
  const write = (text: string) => (out += text);
  const args = ['bundle', join(directory, 'bundle'), '--trust', join(directory, 'trust.json'), ...more];
  const readLine = () => Promise.resolve('');
  return { exitCode: await runCommand(args, { write, writeError: write, readLine }), out };
}

/** What no file of anybody shows, and the report says so whatever is brought. */
const NOBODY_CHECKS = [
  /^That this is the newest snapshot after 2026-06-30T00:10:00Z/,
  /^That the keys before the first contribution are of these circuits/,
  /^That a contributor of the ceremony forgot their secret/,
  /^That the platform owns anything/,
  /^That no account was left out/,
  /^That ids are given to one user each/,
  /^That the prices, haircuts, scope, roundings and write-offs are right/,
  /^That accounts are of real users/,
];

describe('a bundle whose ceremony and publication are shown', () => {
  const own = formatManifestHash(manifest);
  const registered = proveRegistered({ manifests: { [manifest.takenAt]: own } });
  const { signingKey } = ceremony.platform.trust;
  const logged = proveLogged({ entry: encodeLogEntry(manifest, { signingKey, manifestHash: own }) });
  const common = {
    ceremony: evidence,
    trustHash: hashTrust(ceremony.platform.trust),
    previousManifestHash: manifest.previousManifestHash!,
  };

  it.each([
    ['a registry', registered],
    ['a log', logged],
    ['both', { ...registered, ...logged, pins: { ...registered.pins!, logs: logged.pins!.logs } }],
  ])('leaves nothing stated or not compared but what nobody can check: %s', async (way, publication) => {
    const report = await verify({ ...common, publication: { ...publication, isRequired: true } });
    expect(report).toMatchObject({ valid: true, insecure: false, code: 'valid' });
    expect(report.provenance).toEqual({
      kind: 'ceremony',
      ...{ shown: true, contributions: 3, signers: 3, pinnedSigners: null },
    });
    const notMade = report.checks.filter(({ result }) => result === 'not-made');
    for (const { compared } of notMade) expect(compared).toMatch(/^not needed/);
    const compared = report.checks.map((check) => check.compared).join('\n');
    expect(compared).not.toMatch(/stated, not shown|not compared/);
    // A log alone does not name its writer's last instant.
    const unknown = way === 'a log' ? [expect.stringMatching(/^That this is the newest snapshot: /)] : [];
    const rest = report.notShown.filter((line) => !NOBODY_CHECKS.some((known) => known.test(line)));
    expect(rest).toEqual(unknown);
    for (const shown of [read(report), renderHtml(report)]) {
      expect(shown).not.toMatch(/stated: a ceremony|stated, not shown|not compared/i);
      expect(shown).toContain('shown: a ceremony of 3 contributions');
    }
  });

  it('names what it was not given, each in its line', async () => {
    const report = await verify({});
    expect(report).toMatchObject({ valid: true, provenance: { shown: false, contributions: null } });
    const open = report.checks.filter(({ result }) => result === 'not-made');
    expect(open).toHaveLength(7);
    for (const { compared } of open) expect(compared).toMatch(/stated, not shown|not compared/);
    const lines = read(report);
    expect(lines).toContain('of a ceremony: stated, not shown; bring its evidence with --ceremony');
  });

  it('counts the people whom its reader pins, and says whose value closed it', async () => {
    const report = await verify({ ceremony: evidence, signers: [ceremony.signers[0]!, 'ab'.repeat(32)] });
    expect(report.provenance).toMatchObject({ shown: true, signers: 3, pinnedSigners: 1 });
    const compared = passed(report).map((check) => check.compared);
    const closed = `closed by drand quicknet, round ${QUICKNET_ROUND.round}, whose value its network signed`;
    expect(compared.join('\n')).toContain(closed);
  });

  it('ends with 0 where a ceremony is required, by the file beside the trust file', async () => {
    await mkdir(at('honest'));
    await writeBundle(at('honest', 'bundle'), honest);
    await writeFile(at('honest', 'trust.json'), encodeJsonLine(ceremony.platform.trust));
    await writeFile(at('honest', 'ceremony.json'), evidence);
    const { exitCode, out } = await run(at('honest'), '--require-ceremony');
    expect([exitCode, out.split('\n', 1)[0]]).toEqual([0, 'VALID  valid']);
    expect(out.replace(/\s+/g, ' ')).toContain(
      'of a ceremony, shown: 3 contributions, signed by 3 different keys',
    );
  });
});

describe('keys that one party made', () => {
  const stating = (provenance: KeyProvenance): Platform => ({
    ...alone,
    trust: { ...alone.trust, circuits: alone.trust.circuits.map((pin) => ({ ...pin, provenance })) },
  });
  const copied = stateProvenance(ceremony.evidence.transcript);
  const boast = { ...copied, contributions: 54, signers: 54 } as KeyProvenance;

  it.each<[string, KeyProvenance, CeremonyEvidence | undefined, string]>([
    ['54 contributions, and no evidence', boast, undefined, 'valid'],
    ['those of another ceremony, and no evidence', copied, undefined, 'valid'],
    ['those of another ceremony, with its evidence', copied, ceremony.evidence, 'ceremony-of-other-keys'],
    ['54 contributions, with the evidence of three', boast, ceremony.evidence, 'ceremony-provenance-differs'],
  ])('are never said to be shown, whatever they state: %s', async (_, provenance, given, code) => {
    const liar = stating(provenance);
    const brought = given && encodeCeremonyEvidence(given);
    const report = await verify({ ceremony: brought }, liar, publish(liar, batches));
    expect(report.code).toBe(code);
    expect(report.provenance ?? { shown: false }).toMatchObject({ shown: false });
    expect(passed(report).map(({ title }) => title)).not.toContainEqual(
      expect.stringContaining('of the ceremony'),
    );
    for (const shown of [read(report), renderHtml(report), JSON.stringify(report)]) {
      expect(shown).not.toMatch(/\bshown: (?:a ceremony|\d+ contribution)/);
    }
    if (report.valid) expect(read(report)).toContain('of a ceremony: stated, not shown');
  });

  it('end with 3 where the reader requires a ceremony that is shown, and with 0 where they do not', async () => {
    const liar = stating(boast);
    await mkdir(at('alone'));
    await writeBundle(at('alone', 'bundle'), publish(liar, batches));
    await writeFile(at('alone', 'trust.json'), encodeJsonLine(liar.trust));
    const report = async (...more: string[]) => {
      const { exitCode, out } = await run(at('alone'), '--json', ...more);
      return { exitCode, ...(JSON.parse(out) as Pick<Report, 'code' | 'provenance'>) };
    };
    expect(await report()).toMatchObject({ exitCode: 0, code: 'valid', provenance: { shown: false } });
    expect(await report('--require-ceremony')).toMatchObject({ exitCode: 3, code: 'ceremony-not-shown' });
    await writeFile(at('alone', 'ceremony.json'), evidence);
    // What lies beside the trust file is taken, and is of other keys.
    expect(await report()).toMatchObject({ exitCode: 1, code: 'ceremony-provenance-differs' });
  });
});
