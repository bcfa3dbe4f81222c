import { describe, expect, it } from 'vitest';

import { findLast, findNext, formatMetrics, listBetween, parseRule } from '../../src/operate/index.js';

const ms = (text: string) => Date.parse(text);
const text = (time: number) => new Date(time).toISOString();

describe('a rule', () => {
  it.each([
    ['daily 00:00Z', '2026-01-31T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ['daily 06:30Z', '2026-01-30T06:30:00.000Z', '2026-01-31T06:30:00.000Z'],
    ['hourly', '2026-01-31T05:00:00.000Z', '2026-01-31T06:00:00.000Z'],
    ['10m', '2026-01-31T05:50:00.000Z', '2026-01-31T06:00:00.000Z'],
    ['6h', '2026-01-31T00:00:00.000Z', '2026-01-31T06:00:00.000Z'],
  ])('%s names the last instant and the next', (rule, last, next) => {
    const at = ms('2026-01-31T05:59:59Z');
    expect(text(findLast(parseRule(rule), at))).toBe(last);
    expect(text(findNext(parseRule(rule), at))).toBe(next);
    expect(findLast(parseRule(rule), ms(last))).toBe(ms(last));
  });

  it('counts the instants between two times, the later one included', () => {
    const rule = parseRule('daily 00:00Z');
    const between = listBetween(rule, ms('2026-01-29T00:00:00Z'), ms('2026-01-31T00:00:00Z'));
    expect(between).toEqual({
      firstMs: ms('2026-01-30T00:00:00Z'),
      lastMs: ms('2026-01-31T00:00:00Z'),
      count: 2,
    });
    expect(listBetween(rule, ms('2026-01-31T00:00:00Z'), ms('2026-01-31T23:00:00Z'))).toBeUndefined();
  });

  it.each(['daily', 'daily 24:00Z', 'daily 00:00', '7m', '0m', '25h', 'weekly', ''])('is not %j', (rule) => {
    expect(() => parseRule(rule)).toThrow(expect.objectContaining({ code: 'rule-malformed' }) as Error);
  });
});

it('metrics are gauges and counters, end as OpenMetrics ends, and tell the age of what is published', () => {
  const hash = 'ab'.repeat(32);
  const entry = {
    takenAt: '2026-01-31T00:00:00Z',
    state: 'published',
    begunAt: '2026-01-31T00:01:00Z',
  } as const;
  const more = {
    endedAt: '2026-01-31T00:10:00Z',
    manifestHash: hash,
    previousManifestHash: null,
    reservesHash: null,
  };
  const written = formatMetrics(
    {
      ...{ takenAt: null, step: 'proofs', stage: 'proving', done: 3, total: 10, updatedAt: '' },
      room: { freeBytes: 5e9, neededBytes: 2e6 },
      secondsByStep: new Map([['snapshot', 2.5]]),
    },
    {
      entries: [{ ...entry, ...more, isTold: true, failure: null }],
      ...{ missed: [], failures: { 'source-late': 2 }, lastFailure: null },
    },
    ms('2026-01-31T00:10:30Z'),
  );
  for (const line of [
    'solvent_operation_step{step="proofs"} 1',
    'solvent_operation_step{step="site"} 0',
    'solvent_operation_proofs_left 7',
    'solvent_operation_step_seconds{step="snapshot"} 2.5',
    'solvent_operation_failures_total{code="source-late"} 2',
    'solvent_operation_last_published_age_seconds 30',
  ])
    expect(written.split('\n')).toContain(line);
  expect(written.endsWith('# EOF\n')).toBe(true);
  expect(written).not.toMatch(/^# TYPE \S+ (?!gauge|counter)/m);
});
