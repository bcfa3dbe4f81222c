import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { encodeJsonLine, type InclusionFile } from '../../src/protocol/index.js';
import {
  createPairing,
  FAILURES,
  verifyBundle,
  verifyInclusion,
  type Report,
} from '../../src/verifier/index.js';
import { FILES, honest, platform } from '../../conformance/adversary/case.js';
import { sign, toPieces, toSource } from '../../conformance/adversary/world.js';

const pairing = await createPairing();
const options = { pairing, allowDevelopmentKeys: true } as const;

/** Every place of a JSON value, each as the keys that lead there; lists and objects are places too. */
function listPlaces(
  value: unknown,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Object.entries(value as Record<string, unknown>);
  const keyed = entries.map(([key, child]) => [Array.isArray(value) ? Number(key) : key, child] as const);
  return [path, ...keyed.flatMap(([key, child]) => listPlaces(child, [...path, key]))];
}

/** The other values that a place can be given; a list loses, doubles and swaps entries, an object loses one. */
function listChanges(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    const list = value as unknown[];
    const swapped = list.length > 1 && JSON.stringify(list[0]) !== JSON.stringify(list[1]);
    return [
      [...list, list[0] ?? '1'],
      ...(list.length > 0 ? [list.slice(1)] : []),
      ...(swapped ? [[list[1], list[0], ...list.slice(2)]] : []),
    ];
  }
  if (typeof value === 'object' && value !== null) {
    const [first, ...rest] = Object.entries(value);
    return [Object.fromEntries(rest), { ...value, zebra: first }];
  }
  if (typeof value === 'number') return [value + 1];
  if (value === null) return ['ab'.repeat(32), '1'];
  const text = value as string;
  // A digest or coordinate goes through pairings: one other value each is enough.
  if (/^[0-9]{25,}$/.test(text)) return [(BigInt(text) + 1n).toString()];
  if (/^[0-9]+$/.test(text))
    return [(BigInt(text) + 1n).toString(), '0', '7'].filter((other) => other !== text);
  return [`${text}x`, text.slice(1), text.replace(/.$/, (last) => (last === '0' ? '1' : '0'))].filter(
    (other) => other !== text,
  );
}

function replace(root: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = (Array.isArray(root) ? [...(root as unknown[])] : { ...(root as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = replace(copy[key], rest, value);
  return copy;
}

function lookUp(root: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((value, key) => (value as Record<string | number, unknown>)[key], root);
}

/** Every value with exactly one place changed, with the place for the message of a failure. */
function listVariants<T>(root: T): { place: string; value: T }[] {
  return listPlaces(root)
    .filter((path) => path.length > 0)
    .flatMap((path) =>
      listChanges(lookUp(root, path)).map((change) => ({
        place: `${path.join('.')} = ${JSON.stringify(change).slice(0, 60)}`,
        value: replace(root, path, change) as T,
      })),
    );
}

/** Nothing is valid, everything is refused by a known code, and nothing is thrown. */
async function expectAllRefused(
  variants: readonly { place: string; report: () => Promise<Report> }[],
): Promise<void> {
  const accepted: string[] = [];
  for (const { place, report } of variants) {
    const { valid, code, outcome } = await report();
    if (valid || outcome !== 'invalid' || !Object.hasOwn(FAILURES, code)) accepted.push(`${place}: ${code}`);
  }
  expect(accepted).toEqual([]);
  expect(variants.length).toBeGreaterThan(5);
}

describe('any single field that is changed is refused', () => {
  it('in the manifest, with the signature as it was', async () => {
    const variants = listVariants(honest.manifest);
    await expectAllRefused(
      variants.map(({ place, value: manifest }) => ({
        place,
        report: () => verifyBundle(toSource({ ...honest, manifest }), platform.trust, options),
      })),
    );
  });

  it('in the manifest, signed again after the proofs were made', async () => {
    const variants = listVariants(honest.manifest);
    const chosen = fc.sample(fc.subarray(variants, { minLength: 120, maxLength: 120 }), {
      seed: 3,
      numRuns: 1,
    })[0]!;
    await expectAllRefused(
      chosen.map(({ place, value: manifest }) => ({
        place,
        report: () =>
          verifyBundle(
            toSource({ ...honest, manifest, signature: sign(platform, manifest) }),
            platform.trust,
            options,
          ),
      })),
    );
  });

  it('in the signature', async () => {
    await expectAllRefused(
      listVariants(honest.signature).map(({ place, value: signature }) => ({
        place,
        report: () => verifyBundle(toSource({ ...honest, signature }), platform.trust, options),
      })),
    );
  });

  it('in the lists of proofs', async () => {
    const batches = listVariants(honest.batches).map(({ place, value }) => ({
      place: `batches.${place}`,
      source: { ...toSource(honest), batches: toPieces(value.map(encodeJsonLine)) },
    }));
    const aggregates = listVariants(honest.aggregates).map(({ place, value }) => ({
      place: `aggregates.${place}`,
      source: { ...toSource(honest), aggregates: toPieces(value.map(encodeJsonLine)) },
    }));
    const changed = [...batches, ...aggregates];
    await expectAllRefused(
      changed.map(({ place, source }) => ({
        place,
        report: () => verifyBundle(source, platform.trust, options),
      })),
    );
  });

  it.each(['ann', 'dan', 'lea'] as const)('in the inclusion file of %s', async (of) => {
    const file: InclusionFile = FILES[of];
    const { manifest, signature } = toSource(honest);
    await expectAllRefused(
      listVariants(file).map(({ place, value }) => ({
        place,
        report: () =>
          verifyInclusion(encodeJsonLine(value), { manifest, signature }, platform.trust, {
            ...options,
            userId: file.userId,
          }),
      })),
    );
  });
});

describe('random bytes', () => {
  const files = toBytes();

  it('in any published file are never valid, and refused by a known code', async () => {
    const names = Object.keys(files) as (keyof typeof files)[];
    const mutation = fc.record({
      name: fc.constantFrom(...names),
      at: fc.nat(),
      kind: fc.constantFrom('set', 'flip', 'insert', 'cut', 'copy'),
      byte: fc.nat(255),
    });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ name, at, kind, byte }) => {
        const bytes = mutate(files[name], { at, kind, byte });
        if (Buffer.from(bytes).equals(files[name])) return;
        const changed = { ...files, [name]: bytes };
        const source = {
          manifest: changed.manifest,
          signature: changed.signature,
          batches: toPieces([changed.batches]),
          aggregates: toPieces([changed.aggregates]),
        };
        const report =
          name === 'inclusion'
            ? await verifyInclusion(
                changed.inclusion,
                { manifest: source.manifest, signature: source.signature },
                platform.trust,
                { ...options, userId: 'lea@example.org' },
              )
            : await verifyBundle(source, platform.trust, options);
        expect(report.valid).toBe(false);
        expect(Object.keys(FAILURES)).toContain(report.code);
      }),
      { seed: 11, numRuns: Number(process.env.SOLVENT_FUZZ_RUNS ?? 300) },
    );
  });
});

function toBytes() {
  return {
    manifest: encodeJsonLine(honest.manifest),
    signature: encodeJsonLine(honest.signature),
    batches: Buffer.concat(honest.batches.map(encodeJsonLine)),
    aggregates: Buffer.concat(honest.aggregates.map(encodeJsonLine)),
    inclusion: encodeJsonLine(FILES.lea),
  };
}

function mutate(
  bytes: Uint8Array,
  { at, kind, byte }: { at: number; kind: string; byte: number },
): Uint8Array {
  const position = at % bytes.length;
  const [head, tail] = [bytes.subarray(0, position), bytes.subarray(position)];
  if (kind === 'insert') return Buffer.concat([head, Uint8Array.of(byte), tail]);
  if (kind === 'cut') return Buffer.concat([head, tail.subarray(1 + (byte % 40))]);
  if (kind === 'copy') return Buffer.concat([head, tail.subarray(0, 1 + byte), tail]);
  const copy = Uint8Array.from(bytes);
  copy[position] = kind === 'flip' ? copy[position]! ^ (1 << (byte % 8)) : byte;
  return copy;
}
