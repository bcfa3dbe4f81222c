import { describe, expect, it } from 'vitest';

import * as rows from '../../../src/protocol/index.js';
import { HONEST_PLAN, makeRun, MARGIN, SPOT, type RunPlan } from './honest-run.js';

type Run = ReturnType<typeof makeRun>;

/** Everything random that a run uses, but the maskL of its last batch, which follows from the others. */
function listRandom({ batches, weightBlinds }: Run): bigint[] {
  return [
    ...batches.slice(0, -1).map(({ secrets }) => secrets.masks.total),
    ...batches.flatMap(({ layout, secrets: { masks, maskBlinds, rowBlinds } }) => [
      masks.blind,
      ...(layout.kind === 'margin' ? [masks.cover] : []),
      ...masks.groups.flat(),
      ...maskBlinds,
      ...rowBlinds,
    ]),
    ...weightBlinds,
  ];
}

describe('what a run draws from its secret', () => {
  it('is used once each: no two masks, blinds, ids or nonces are the same', () => {
    const run = makeRun();
    const random = listRandom(run);
    const groups = run.batches.flatMap(({ maskPoints }) => maskPoints).length;
    expect(random.length).toBeGreaterThan(2 * groups);
    expect(new Set(random).size).toBe(random.length);
    const ids = run.batches.flatMap(({ rows: own }) => own.map(({ id }) => rows.encodeBase64url(id)));
    expect(new Set(ids).size).toBe(ids.length);
    const nonces = ['alice', 'bob', 'alice\u0001'].flatMap((userId) =>
      [1, 2, 258].map((part) => rows.derivePartNonce(HONEST_PLAN.secret, userId, part)),
    );
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it('hides two batches of the same rows: nothing that they show is the same', () => {
    const plan: RunPlan = { ...HONEST_PLAN, layouts: [SPOT, SPOT, MARGIN, MARGIN], placed: [] };
    const { batches, values } = makeRun(plan);
    for (const first of [0, 2]) {
      const [a, b] = [batches[first]!, batches[first + 1]!];
      expect(a.rows.map(({ slots }) => slots)).toEqual(b.rows.map(({ slots }) => slots));
      expect(a.digest).not.toBe(b.digest);
      expect(a.list).not.toBe(b.list);
      const shown = [a, b].flatMap(({ entries, maskPoints }) =>
        [...entries.map(({ point }) => point), ...maskPoints].map(rows.encodeBase64url),
      );
      expect(new Set(shown).size).toBe(shown.length);
      const proven = [values[first]!, values[first + 1]!].flatMap(({ total, cover, openings }) => [
        total,
        ...(cover === null ? [] : [cover]),
        ...openings,
      ]);
      expect(new Set(proven).size).toBe(proven.length);
    }
  });
});
