import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

type Snarkjs = {
  readonly curves: { getCurveFromName(name: 'bn128'): Promise<Curve> };
  readonly powersOfTau: {
    newAccumulator(curve: Curve, power: number, path: string): Promise<unknown>;
    contribute(before: string, after: string, name: string, entropy: string): Promise<unknown>;
    beacon(before: string, after: string, name: string, value: string, exponent: number): Promise<unknown>;
    preparePhase2(before: string, after: string): Promise<unknown>;
  };
};

type Curve = { terminate(): Promise<void> };

/**
 * Powers of tau for trying things out, by snarkjs itself: two contributions, a beacon, and prepared. Nobody but this
 * machine took part, so that they are worth nothing to anyone else. Minutes at 2^13; kept where they are made.
 */
export async function makePowersOfTau(
  power: number,
  path: string,
  onStep: (step: string) => void,
): Promise<void> {
  if (existsSync(path)) return;
  const snarkjs = createRequire(import.meta.url)('snarkjs') as Snarkjs;
  await mkdir(dirname(path), { recursive: true });
  const work = await mkdtemp(join(dirname(path), '.tmp-'));
  const at = (name: string) => join(work, name);
  const curve = await snarkjs.curves.getCurveFromName('bn128');
  try {
    onStep('new');
    await snarkjs.powersOfTau.newAccumulator(curve, power, at('0'));
    for (const contributor of [1, 2]) {
      onStep(`contribution ${contributor}`);
      const [before, after] = [at(String(contributor - 1)), at(String(contributor))];
      await snarkjs.powersOfTau.contribute(before, after, `contributor ${contributor}`, 'a demonstration');
    }
    onStep('beacon');
    await snarkjs.powersOfTau.beacon(at('2'), at('3'), 'beacon', 'c0ffee5ca1ab1e'.repeat(5), 10);
    onStep('preparing');
    await snarkjs.powersOfTau.preparePhase2(at('3'), at('4'));
    await rename(at('4'), path);
  } finally {
    await (await snarkjs.curves.getCurveFromName('bn128')).terminate();
    await rm(work, { recursive: true, force: true });
  }
}
