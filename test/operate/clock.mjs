/**
 * Preloaded into a command (`node --import`): lets the machine's clock begin at SOLVENT_CLOCK. Times of files move with it, as those of
 * a volume of the same machine do, unless SOLVENT_CLOCK_OF is `process`: then the volume is of a machine with another clock.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const RealDate = Date;
const offsetMs = RealDate.parse(process.env.SOLVENT_CLOCK) - RealDate.now();

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offsetMs);
    else super(...args);
  }

  static now() {
    return RealDate.now() + offsetMs;
  }
};

if (process.env.SOLVENT_CLOCK_OF !== 'process') {
  const { stat } = fs.promises;
  fs.promises.stat = async (...args) => {
    const found = await stat(...args);
    if (typeof found.mtimeMs === 'number') found.mtimeMs += offsetMs;
    return found;
  };
  syncBuiltinESMExports();
}
