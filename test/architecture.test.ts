import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SOURCE = resolve(import.meta.dirname, '../src');

/** Which rooms each room may enter. What is not here is not allowed. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  presentation: ['protocol'],
  system: ['protocol'],
  plan: ['protocol'],
  snapshot: ['protocol', 'system', 'plan'],
  analysis: ['protocol', 'presentation', 'system', 'snapshot'],
  identity: ['protocol', 'system'],
  iden3: ['protocol'],
  keys: ['protocol', 'system', 'identity', 'iden3', 'prover', 'verifier'],
  prover: ['protocol', 'system', 'iden3', 'plan', 'verifier'],
  queue: ['protocol', 'prover', 'verifier'],
  verifier: ['protocol', 'presentation'],
  reserves: ['protocol', 'presentation', 'system', 'identity', 'verifier'],
  registry: ['protocol', 'reserves', 'verifier'],
  web: ['protocol', 'presentation', 'verifier'],
  site: ['protocol', 'presentation', 'system', 'identity', 'verifier'],
  operate: [
    'protocol',
    'presentation',
    'system',
    'snapshot',
    'identity',
    'keys',
    'prover',
    'queue',
    'verifier',
    'site',
    'reserves',
  ],
  cli: [
    'operate',
    'protocol',
    'presentation',
    'system',
    'plan',
    'snapshot',
    'analysis',
    'identity',
    'keys',
    'prover',
    'queue',
    'verifier',
    'site',
    'reserves',
    'registry',
  ],
};

/**
 * Doors beside each room's index.ts. Valuation has its own, whose words for arithmetic are plain ones, like multiply. Reserves have
 * theirs, in the protocol and in the verifier: whoever checks a bundle alone does not carry another chain's curve; and
 * beacons, whose curve is another too. The kernel has one for who checks keys and proves nothing, and the contributions of a
 * ceremony have one for who checks a key that no evidence was made of yet. The
 * verifier, which runs in browsers too, has what needs Node behind two.
 */
const DOORS: readonly string[] = [
  join('protocol', 'valuation', 'index.ts'),
  join('protocol', 'reserves', 'index.ts'),
  join('protocol', 'beacon', 'index.ts'),
  join('protocol', 'ceremony', 'index.ts'),
  join('verifier', 'reserves', 'index.ts'),
  join('verifier', 'reserves', 'making.ts'),
  join('verifier', 'reserves', 'shown.ts'),
  join('verifier', 'node', 'index.ts'),
  join('verifier', 'ceremony', 'contributions.ts'),
  join('prover', 'engine', 'kernel.ts'),
  join('verifier', 'command', 'index.ts'),
];

const MODULES = readdirSync(SOURCE, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));

type Import = { readonly from: string; readonly specifier: string; readonly target: string | undefined };

const IMPORTS: readonly Import[] = MODULES.flatMap((from) => {
  const text = readFileSync(join(SOURCE, from), 'utf8');
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName: specifier }) => ({
    from,
    specifier,
    target: specifier.startsWith('.')
      ? relative(SOURCE, resolve(dirname(join(SOURCE, from)), specifier.replace(/\.js$/, '.ts')))
      : undefined,
  }));
});

const roomOf = (path: string) => path.split(sep)[0]!;

describe('the rooms of src/', () => {
  it('are all known', () => {
    const rooms = new Set(MODULES.map(roomOf));
    expect([...rooms].filter((room) => !(room in ARROWS))).toEqual([]);
    expect(rooms.size).toBeGreaterThan(4);
  });

  it('enter each other only along the allowed arrows, through index.ts or another door', () => {
    const wrong = IMPORTS.filter(({ from, target }) => {
      if (target === undefined || roomOf(from) === roomOf(target)) return false;
      const isDoor = target === join(roomOf(target), 'index.ts') || DOORS.includes(target);
      return !ARROWS[roomOf(from)]!.includes(roomOf(target)) || !isDoor;
    });
    expect(wrong.map(({ from, specifier }) => `${from} -> ${specifier}`)).toEqual([]);
  });

  it('have no cycle between their modules', () => {
    const edges = new Map<string, string[]>();
    for (const { from, target } of IMPORTS) {
      if (target !== undefined) edges.set(from, [...(edges.get(from) ?? []), target]);
    }
    expect(findCycle(edges)).toEqual([]);
  });

  it('keep the protocol, the presentation and the core of the verifier free of anything that a browser lacks', () => {
    const pure = IMPORTS.filter(
      ({ from }) =>
        ['protocol', 'presentation'].includes(roomOf(from)) ||
        (roomOf(from) === 'verifier' && !/^verifier[\\/](node|command)[\\/]/.test(from)),
    );
    const wrong = pure.filter(
      ({ specifier, target }) =>
        specifier.startsWith('node:') ||
        (target !== undefined && /verifier[\\/](node|command)[\\/]/.test(target)),
    );
    expect(wrong.map(({ from, specifier }) => `${from} -> ${specifier}`)).toEqual([]);
  });

  it('name snarkjs in one file a room at most, and the verifier in none', () => {
    const users = IMPORTS.filter(({ specifier }) => specifier === 'snarkjs').map(({ from }) => from);
    const perRoom = new Map<string, Set<string>>();
    for (const from of users) {
      perRoom.set(roomOf(from), (perRoom.get(roomOf(from)) ?? new Set()).add(from));
    }
    expect([...perRoom].filter(([, files]) => files.size > 1)).toEqual([]);
    expect(perRoom.has('verifier')).toBe(false);
    expect(perRoom.has('protocol')).toBe(false);
  });
});

describe('the packages that src/ imports', () => {
  const declared = Object.keys(
    (JSON.parse(readFileSync(resolve(SOURCE, '../package.json'), 'utf8')) as { dependencies: object })
      .dependencies,
  );
  const packageOf = (specifier: string) =>
    specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
  const imported = new Set(
    IMPORTS.filter(({ specifier }) => !/^(?:\.|node:)/.test(specifier)).map(({ specifier }) =>
      packageOf(specifier),
    ),
  );

  it('are all declared, so that none is there by luck', () => {
    expect([...imported].filter((name) => !declared.includes(name))).toEqual([]);
  });

  it('are all that is declared, but for what is read by path', () => {
    // The circuit library is read by the compiler, which runs as a program of its own; of circomlibjs the constants alone are
    // read, since it brings a native addon.
    const readByPath = ['circomlib', 'circom2', 'circomlibjs'];
    expect(declared.filter((name) => !imported.has(name) && !readByPath.includes(name))).toEqual([]);
  });
});

describe('what is run against any verifier, and scripts', () => {
  it('enter no test: they serve whoever has none', () => {
    const entering = ['conformance', 'scripts'].flatMap((directory) =>
      readdirSync(resolve(SOURCE, '..', directory), { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.(?:ts|mjs)$/.test(path))
        .map((path) => join(directory, path))
        .filter((path) =>
          ts
            .preProcessFile(readFileSync(resolve(SOURCE, '..', path), 'utf8'), true, true)
            .importedFiles.some(({ fileName }) => /^(?:\.\.\/)+test\//.test(fileName)),
        ),
    );
    expect(entering).toEqual([]);
  });
});

describe('what tests share', () => {
  it('has no hook of its own: in a process of many files it would run for the first of them alone', () => {
    const support = ['test', 'conformance'].flatMap((directory) =>
      readdirSync(resolve(SOURCE, '..', directory), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
        .map((path) => join(directory, path)),
    );
    expect(support.length).toBeGreaterThan(50);
    const hooked = support.filter((path) =>
      /^(?:before|after)(?:Each|All)\(/m.test(readFileSync(resolve(SOURCE, '..', path), 'utf8')),
    );
    expect(hooked).toEqual([]);
  });
});

/** The modules of one cycle, or none. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    path.push(node);
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle.length > 0) return cycle;
    }
    path.pop();
    done.add(node);
    return [];
  };
  for (const node of edges.keys()) {
    const cycle = visit(node);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
