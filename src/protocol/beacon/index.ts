export {
  BEACON_ERRORS,
  lastQuicknetRoundAt,
  MAX_QUICKNET_ROUND,
  parseQuicknetAnnouncement,
  QUICKNET,
  quicknetInstantMs,
  verifyQuicknetRound,
  type BeaconCode,
  type QuicknetRound,
} from './quicknet.js';
