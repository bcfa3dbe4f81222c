import { PROFILES, SolventError, type Profile } from '../protocol/index.js';

/** The names that `--profile` takes. */
export const PROFILE_NAMES = [...PROFILES.keys()].join(', ');

/** The profile of a name. @throws SolventError `profile-unknown`. */
export function parseProfile(name: string): Profile {
  const profile = PROFILES.get(name);
  if (profile !== undefined) return profile;
  throw new SolventError(
    'usage',
    'profile-unknown',
    `expected --profile ${[...PROFILES.keys()].join(' or ')}, got another`,
  );
}
