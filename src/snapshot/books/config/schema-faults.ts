import type { z } from 'zod';

import { KNOWN_KEYS } from './schema.js';
import type { ConfigFault } from './source-rules.js';

type Issue = z.core.$ZodIssue;

/** A fault, and the key that is missing because it was misspelled. */
type Fault = ConfigFault & { readonly meant?: string };

const MISSING = 'expected a value, got none';

/** The faults of a configuration that its schema finds: one for each value, and one for each key that is none. */
export function describeIssues(issues: readonly Issue[]): ConfigFault[] {
  const faults = issues.flatMap((issue) => describeIssue(issue, []));
  const meant = new Set(faults.map((fault) => fault.meant));
  const seen = new Set<string>();
  return faults
    .filter(({ path, expected }) => !(expected === MISSING && meant.has(path)))
    .filter(({ path }) => !seen.has(path) && seen.add(path))
    .map(({ path, expected }) => ({ path, expected }));
}

function describeIssue(issue: Issue, outer: readonly PropertyKey[]): Fault[] {
  const position = [...outer, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // What was meant is the form that least is wrong with.
    const [nearest] = [...issue.errors].sort((a, b) => a.length - b.length);
    return nearest!.flatMap((inner) => describeIssue(inner, position));
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => describeKey(key, position));
  }
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  const path = position.map(String).join('.');
  return [
    {
      path: path === '' ? '(top)' : path,
      expected: isMissing ? MISSING : issue.message,
    },
  ];
}

/** A key that is none, with the one that was most likely meant, and else all that there are. */
function describeKey(key: string, position: readonly PropertyKey[]): Fault {
  const known = KNOWN_KEYS[String(position[0] ?? '')]?.[position.length - 1] ?? KNOWN_KEYS['']![0]!;
  const [nearest] = known
    .map((name) => ({ name, distance: countEdits(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const path = [...position, key].map(String).join('.');
  if (nearest === undefined || nearest.distance > 2) {
    return { path, expected: `expected no such key: there are ${known.join(', ')}` };
  }
  return {
    path,
    expected: `expected no such key: did you mean ${nearest.name}?`,
    meant: [...position, nearest.name].map(String).join('.'),
  };
}

/** How many characters must be put in, taken out or changed to make one text of the other. */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 0; at < from.length; at++) {
    const next = [at + 1];
    for (let index = 1; index <= to.length; index++) {
      const changed = row[index - 1]! + (from[at] === to[index - 1] ? 0 : 1);
      next.push(Math.min(changed, row[index]! + 1, next[index - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
