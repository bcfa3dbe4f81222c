import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { rotateIdentity } from '../../src/identity/index.js';
import { encodeLogEntry, parseRegistryEvidence } from '../../src/protocol/index.js';
import { PUBLICATION_TWINS } from '../../conformance/adversary/publication.js';
import { FILES, honest, platform } from '../../conformance/adversary/case.js';
import { makeSigningKey } from './manifests.js';
import { build, makeWorld, publish } from '../../conformance/adversary/reserves/world.js';

const rotation = rotateIdentity({
  platform: 'Example Exchange',
  oldKey: makeSigningKey(),
  newKey: makeSigningKey(),
  lastManifestHash: null,
  at: '2026-06-01T00:00:00Z',
});
const built = await build(makeWorld());
const reserves = (await publish(built)).get('reserves.json')!;
const ROOT = resolve(import.meta.dirname, '../..');
const SCHEMAS = resolve(ROOT, 'conformance/schemas');

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

const load = (name: string) =>
  z.fromJSONSchema(JSON.parse(readFileSync(resolve(SCHEMAS, `${name}.schema.json`), 'utf8')) as JsonSchema);

describe('what scripts make', () => {
  // The last compiles the registry's contract: readers pin the hash of its code.
  const scripts = [
    'verifier/schemas',
    'verifier/readme-checks',
    'formats',
    'package/third-party',
    'reserves/registry',
  ];
  it.each(scripts)('is what they would make now: %s', (script) => {
    const entry = resolve(ROOT, `dist/scripts/${script}.js`);
    const { status, stderr } = spawnSync(process.execPath, [entry, '--check'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});

const ceremony = JSON.parse(
  readFileSync(resolve(ROOT, 'conformance/ceremony/ceremony.json'), 'utf8'),
) as object;

it('every format of the sources is in the document of formats, and no other', () => {
  const source = resolve(ROOT, 'src');
  const named = readdirSync(source, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.ts') && !path.endsWith('operate/template.ts'))
    .flatMap((path) => [
      ...readFileSync(resolve(source, path), 'utf8').matchAll(
        /(?:FORMAT = |format: )'(solvent\/[a-z-]+\/v[0-9]+)'/g,
      ),
    ])
    .map(([, format]) => format!);
  const document = readFileSync(resolve(ROOT, 'docs/formats.md'), 'utf8');
  const listed = [...document.matchAll(/^- `(solvent\/[a-z-]+\/v[0-9]+)`/gm)].map(([, format]) => format!);
  expect([...new Set(listed)].sort()).toEqual([...new Set(named)].sort());
});

describe('the JSON Schemas', () => {
  const examples: Readonly<Record<string, readonly object[]>> = {
    manifest: [honest.manifest],
    signature: [honest.signature],
    'batch-commitment': honest.commitments,
    weights: [honest.weights!],
    'batch-proof': honest.proofs.filter(({ K }) => K === undefined),
    inclusion: Object.values(FILES),
    trust: [platform.trust],
    rotation: [rotation],
    reserves: [JSON.parse(new TextDecoder().decode(reserves)) as object],
    'reserves-entry': built.draft.entries,
    'reserves-evidence': built.draft.evidence,
    pins: [built.pins],
    'registry-evidence': [
      parseRegistryEvidence(
        PUBLICATION_TWINS.find(({ name }) => name === 'in a registry')!.make().options!.publication!
          .registry!,
      ),
    ],
    'log-entry': [
      JSON.parse(
        new TextDecoder().decode(
          encodeLogEntry(honest.manifest, {
            signingKey: platform.trust.signingKey,
            manifestHash: 'ab'.repeat(32),
          }),
        ),
      ) as object,
    ],
    ceremony: [ceremony],
  };

  it('are one for each published format', () => {
    expect(readdirSync(SCHEMAS).sort()).toEqual(
      Object.keys(examples)
        .map((name) => `${name}.schema.json`)
        .sort(),
    );
  });

  it.each(Object.keys(examples))(
    'hold for honest files, and not with a field more, less or of another type: %s',
    (name) => {
      const schema = load(name);
      for (const example of examples[name]!) {
        expect(schema.safeParse(example).success).toBe(true);
        expect(schema.safeParse({ ...example, zebra: 1 }).success).toBe(false);
        for (const field of Object.keys(example)) {
          const rest = Object.fromEntries(Object.entries(example).filter(([key]) => key !== field));
          expect([field, schema.safeParse(rest).success]).toEqual([field, false]);
          expect([field, schema.safeParse({ ...rest, [field]: 1.5 }).success]).toEqual([field, false]);
        }
      }
    },
  );

  it('hold for the proof of margin rows, which shows K besides', () => {
    const schema = load('batch-proof');
    const margin = honest.proofs.filter(({ K }) => K !== undefined);
    expect(margin.length).toBeGreaterThan(0);
    for (const proof of margin) {
      expect(schema.safeParse(proof).success).toBe(true);
      expect(schema.safeParse({ ...proof, K: '-1' }).success).toBe(false);
    }
  });

  it('name numbers that no verifier reads', () => {
    const trust = load('trust');
    const [first, ...others] = platform.trust.circuits;
    for (const tag of ['01', '-1', '1 ', '0x1', '1e3', '']) {
      expect(trust.safeParse({ ...platform.trust, circuits: [{ ...first, tag }, ...others] }).success).toBe(
        false,
      );
    }
  });
});
