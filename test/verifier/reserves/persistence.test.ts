import { describe, expect, it } from 'vitest';

import { drawSecondInstant, secondInstantRound } from '../../../src/protocol/reserves/index.js';
import { compareInstants } from '../../../src/verifier/reserves/index.js';
import {
  build,
  ETHER,
  KEYS,
  liabilities,
  makeWorld,
  publish,
  verify,
  wallet,
} from '../../../conformance/adversary/reserves/world.js';

/** Round 123 of quicknet, public values: it is of the instant below and seven days. */
const ROUND = {
  round: 123,
  signature:
    'b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92',
};
const FIRST = '2023-08-16T15:15:33Z';

/** A world at an instant, whose hot wallet has what it is said to. */
async function buildAt(takenAt: string, hot: bigint) {
  const world = makeWorld();
  world.liabilities = { ...liabilities, takenAt };
  world.accounts.set(KEYS.hot.address, { balance: hot, nonce: 9n });
  world.entries = world.entries.map((entry) =>
    entry.kind === 'wallet' &&
    entry.address === KEYS.hot.address &&
    entry.asset === 'ETH' &&
    entry.chain === 'eip155:1'
      ? wallet(KEYS.hot, hot)
      : entry,
  );
  return build(world);
}

async function buildSecond(beacon = ROUND, at = drawSecondInstant(FIRST, ROUND)) {
  const built = await buildAt(at, ETHER);
  built.world.liabilities = { ...liabilities, takenAt: FIRST };
  return { ...built, draft: { ...built.draft, takenAt: FIRST, purpose: 'persistence' as const, beacon } };
}

describe('the second instant', () => {
  it('is drawn by the first round that is public seven days after the first', () => {
    expect(secondInstantRound(FIRST)).toBe(123);
    expect(secondInstantRound('2023-08-16T15:15:33.001Z')).toBe(124);
    const drawn = Date.parse(drawSecondInstant(FIRST, ROUND)) - Date.parse(FIRST);
    expect(drawn).toBeGreaterThan(0);
    expect(drawn).toBeLessThanOrEqual(7 * 86_400_000);
    expect(() => drawSecondInstant('2023-08-17T15:15:33Z', ROUND)).toThrow(
      expect.objectContaining({ code: 'beacon-signature-invalid' }),
    );
  });

  it('shows what was borrowed for a day beside the first, and covers nothing', async () => {
    const [one, two] = [await buildAt(FIRST, 5n * ETHER), await buildSecond()];
    const first = await verify(await publish(one), one);
    const second = await verify(await publish(two), two);
    expect(second).toMatchObject({ valid: true, purpose: 'persistence', outcome: 'not-shown' });
    // 123 rounds of three seconds: a manifest that was not public then was made for both instants.
    expect(second.notShown.join('\n')).toContain('public before 2023-08-23T15:15:33Z');
    expect(first.notShown.join('\n')).not.toContain('public before');
    expect(second.assets.map(({ ratio }) => ratio)).toEqual(second.assets.map(() => null));
    expect(compareInstants(first, second).find(({ asset }) => asset === 'ETH')).toMatchObject({
      difference: (-4n * 10n ** 9n).toString(),
    });
  });

  it.each([
    ['a round that was not to draw it', { ...ROUND, round: 124 }],
    ['another signature', { ...ROUND, signature: `a${ROUND.signature.slice(1)}` }],
  ])('is refused with %s', async (_, beacon) => {
    const honest = await buildSecond();
    const draft = { ...honest.draft, beacon };
    await expect(publish({ ...honest, draft })).rejects.toMatchObject({ code: 'beacon-differs' });
  });

  it('is refused at an instant that was chosen', async () => {
    const chosen = await buildSecond(ROUND, '2023-08-20T00:00:00Z');
    await expect(publish(chosen)).rejects.toMatchObject({ code: 'block-not-at-instant' });
  });
});
