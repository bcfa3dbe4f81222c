import { beforeAll, describe, expect, it } from 'vitest';

import { ATTACKS, makeHonest, type Honest } from '../../../conformance/adversary/reserves/attacks.js';
import { publishLie, verify } from '../../../conformance/adversary/reserves/world.js';

let honest: Honest;
beforeAll(async () => {
  honest = await makeHonest();
});

describe('a platform that signs a lie about its reserves', () => {
  it('is believed where it tells the truth, so that every refusal below is of the lie', async () => {
    const files = publishLie(honest.built.draft, honest.survey, honest.signer);
    expect(await verify(files, honest.built)).toMatchObject({ valid: true });
  });

  it.each(ATTACKS)('is refused: $name', async ({ code, make }) => {
    const { files, reader } = await make(honest);
    const report = await verify(files, reader);
    expect(report).toMatchObject({ code, valid: false, outcome: 'not-shown', assets: [] });
    expect(report.checks.filter(({ result }) => result === 'failed').length).toBeLessThanOrEqual(1);
  });
});
