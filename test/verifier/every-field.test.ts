import { describe, expect, it } from 'vitest';

import { encodeInclusion, encodeJsonLine, type InclusionFile } from '../../src/protocol/index.js';
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
function listVariants<T>(root: T): { directory: string; value: T }[] {
  return listPlaces(root)
    .filter((path) => path.length > 0)
    .flatMap((path) =>
      listChanges(lookUp(root, path)).map((change) => ({
        directory: `${path.join('.')} = ${JSON.stringify(change).slice(0, 60)}`,
        value: replace(root, path, change) as T,
      })),
    );
}

/** Nothing is valid, everything is refused by a known code, and nothing is thrown. */
async function expectAllRefused(
  variants: readonly { directory: string; report: () => Promise<Report> }[],
): Promise<void> {
  const accepted: string[] = [];
  for (const { directory, report } of variants) {
    const { valid, code, outcome } = await report();
    if (valid || outcome !== 'invalid' || !Object.hasOwn(FAILURES, code))
      accepted.push(`${directory}: ${code}`);
  }
  expect(accepted).toEqual([]);
  expect(variants.length).toBeGreaterThan(5);
}

describe('any single field that is changed is refused', () => {
  it('in the manifest, with the signature as it was', async () => {
    await expectAllRefused(
      listVariants(honest.manifest).map(({ directory, value: manifest }) => ({
        directory,
        report: () => verifyBundle(toSource({ ...honest, manifest }), platform.trust, options),
      })),
    );
  });

  it('in the manifest, signed again after the proofs were made', async () => {
    // Each takes a check of all proofs, and all of them stand unsigned above: one in four.
    const variants = listVariants(honest.manifest).filter((_, index) => index % 4 === 0);
    await expectAllRefused(
      variants.map(({ directory, value: manifest }) => ({
        directory,
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
      listVariants(honest.signature).map(({ directory, value: signature }) => ({
        directory,
        report: () => verifyBundle(toSource({ ...honest, signature }), platform.trust, options),
      })),
    );
  });

  it('in the weighted totals', async () => {
    await expectAllRefused(
      listVariants(honest.weights).map(({ directory, value: weights }) => ({
        directory,
        report: () => verifyBundle(toSource({ ...honest, weights }), platform.trust, options),
      })),
    );
  });

  it.each(['commitments', 'proofs'] as const)('in the list of %s', async (list) => {
    await expectAllRefused(
      listVariants<readonly object[]>(honest[list]).map(({ directory, value }) => ({
        directory,
        report: () => {
          const source = { ...toSource(honest), [list]: toPieces(value.map(encodeJsonLine)) };
          return verifyBundle(source, platform.trust, options);
        },
      })),
    );
  });

  it.each(['ann', 'dan', 'lea', 'wid'] as const)('in the inclusion file of %s', async (of) => {
    const { padding, ...file } = FILES[of];
    expect(padding).toBe('');
    await expectAllRefused(
      listVariants(file).map(({ directory, value }) => ({
        directory,
        report: () =>
          verifyInclusion(encode(value), toSource(honest), platform.trust, {
            ...options,
            userId: file.userId,
          }),
      })),
    );
  });
});

/** In the size of its format, but where a field is missing that the size is counted without. */
function encode(file: Omit<InclusionFile, 'padding'>): Uint8Array {
  return 'statement' in file ? encodeInclusion(file) : encodeJsonLine({ ...(file as object), padding: '' });
}
