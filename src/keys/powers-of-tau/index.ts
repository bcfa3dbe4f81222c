export {
  checkPowersOfTau,
  checkSamePowersOfTau,
  estimatePtauBytes,
  requiredPower,
  type PowersOfTau,
  type PowersOfTauSource,
} from './powers-of-tau.js';
export {
  findPublishedPowersOfTau,
  MAX_POWER,
  MIN_POWER,
  PUBLISHED_POWERS_OF_TAU_LIST,
  publishedPowersOfTau,
  type PublishedPowersOfTau,
} from './published.js';
