export {
  BEACON_ERRORS,
  lastQuicknetRoundAt,
  MAX_QUICKNET_ROUND,
  parseQuicknetAnnouncement,
  QUICKNET,
  quicknetInstantMs,
  verifyQuicknetRound,
  type QuicknetRound,
} from './quicknet.js';
