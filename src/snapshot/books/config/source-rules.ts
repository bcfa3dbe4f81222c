import type { z } from 'zod';

import { SOURCE_ROLES, type SourceRole } from '../config.js';
import { SOURCE_SHAPES, TIMELESS_ROLES } from '../sources/shapes.js';
import type { configSchema } from './schema.js';

/** One fault of a configuration: the path of its key, and what was expected there. Values are not shown. */
export type ConfigFault = { readonly path: string; readonly expected: string };

type Stated = z.infer<typeof configSchema>;
type StatedSource = NonNullable<Stated['sources'][SourceRole]>;

/** What is wrong with a configuration whose parts are each in order: what is missing, doubled or named in vain. */
export function findSourceFaults(config: Stated): ConfigFault[] {
  const { sources, connections, assets } = config;
  const faults: ConfigFault[] = [];
  assets.forEach(({ symbol }, index) => {
    if (assets.findIndex((asset) => asset.symbol === symbol) < index) {
      faults.push({ path: `assets.${index}.symbol`, expected: 'expected each asset once' });
    }
  });
  const isStated = (role: SourceRole) => sources[role] !== undefined;
  const demand = (role: SourceRole, reason: string) => {
    if (!isStated(role))
      faults.push({ path: `sources.${role}`, expected: `expected this source: ${reason}` });
  };
  demand('prices', 'every asset needs a price');
  if (config.cash === 'ledger') demand('ledger', 'cash is the ledger');
  else demand('balances', `cash is ${config.cash}`);
  if (config.cash === 'balances-available') demand('orders', 'balances are without what open orders hold');
  if (isStated('positions')) demand('instruments', 'positions name them');
  if (isStated('positions')) demand('marks', 'positions are valued with them');
  if (isStated('marks')) demand('instruments', 'marks name them');
  for (const role of SOURCE_ROLES) {
    const source = sources[role];
    if (source !== undefined)
      faults.push(...findFaultsOfSource(role, source, new Set(Object.keys(connections))));
  }
  return faults;
}

function findFaultsOfSource(
  role: SourceRole,
  source: StatedSource,
  connections: ReadonlySet<string>,
): ConfigFault[] {
  const path = `sources.${role}`;
  const faults: ConfigFault[] = [];
  if ('connection' in source && !connections.has(source.connection)) {
    faults.push({ path: `${path}.connection`, expected: 'expected a name that connections has' });
  }
  if (source.completeTo === undefined && !TIMELESS_ROLES.includes(role)) {
    const expected = 'expected the instant up to which the source is complete, like 2026-01-31T00:05:00Z';
    faults.push({ path: `${path}.completeTo`, expected });
  }
  if ('files' in source && source.separator !== undefined && source.format !== 'csv') {
    faults.push({ path: `${path}.separator`, expected: 'expected none, since the format is not csv' });
  }
  faults.push(...findIgnoredFaults(role, source));
  const known = Object.keys(SOURCE_SHAPES[role].columns);
  for (const [key, names] of [
    ['columns', Object.keys(source.columns)],
    ['constants', Object.keys(source.constants)],
  ] as const) {
    for (const name of names) {
      if (!known.includes(name)) {
        faults.push({ path: `${path}.${key}.${name}`, expected: `expected one of ${known.join(', ')}` });
      } else if (key === 'constants' && Object.hasOwn(source.columns, name)) {
        const expected = 'expected a column or a constant, got both: remove one of the two';
        faults.push({ path: `${path}.constants.${name}`, expected });
      }
    }
  }
  return faults;
}

/** A column that must be read cannot be passed over. */
function findIgnoredFaults(role: SourceRole, { columns, constants, ignore }: StatedSource): ConfigFault[] {
  const read = Object.entries(SOURCE_SHAPES[role].columns)
    .filter(
      ([name, { absent }]) =>
        !Object.hasOwn(constants, name) && (absent === undefined || Object.hasOwn(columns, name)),
    )
    .map(([name]) => columns[name] ?? name);
  return ignore.flatMap((name, index) =>
    read.includes(name)
      ? [{ path: `sources.${role}.ignore.${index}`, expected: 'expected a column that nothing reads' }]
      : [],
  );
}
