import { Option } from 'commander';

import { addWideCircuit, MAX_WIDE_SLOTS, MIN_WIDE_SLOTS } from '../keys/index.js';
import { PROFILES, type Profile } from '../protocol/index.js';
import { parseCount } from './arguments.js';
import { refuseCommand } from './errors.js';

/** The names that `--profile` takes. */
export const PROFILE_NAMES = [...PROFILES.keys()].join(', ');

/** What names the circuits that keys are made for. */
export type CircuitFlags = { readonly profile: string; readonly wide?: number };

/** `--wide`: one more circuit beside those of the profile. */
export function wideOption(): Option {
  return new Option(
    '--wide <slots>',
    `also a circuit of one margin row of so many slots, ${MIN_WIDE_SLOTS} to ${MAX_WIDE_SLOTS}: with twice the listed assets, no account is without a plan`,
  ).argParser(parseWideSlots);
}

/** Reads the slots of a wide margin row. @throws InvalidArgumentError unless it is an integer from 4 to 2,048. */
export function parseWideSlots(text: string): number {
  return parseCount(text, { least: MIN_WIDE_SLOTS, most: MAX_WIDE_SLOTS });
}

/** The profile of a name, with the wide circuit that is asked for. @throws SolventError `profile-unknown`. */
export function parseProfile({ profile: name, wide }: CircuitFlags): Profile {
  const profile = PROFILES.get(name);
  if (profile === undefined) {
    throw refuseCommand('profile-unknown', {
      expected: `--profile ${[...PROFILES.keys()].join(' or ')}`,
      found: 'another',
    });
  }
  return wide === undefined ? profile : addWideCircuit(profile, wide);
}
