-- The hash of each user's statement: the first 248 bits of SHA-256("solvent/statement/v1" ‖ 0 ‖ canonical JSON). Empty
-- where balances are taken as they are stated.
CREATE TABLE IF NOT EXISTS statement (
  user_id VARCHAR NOT NULL,
  hash BLOB NOT NULL
)
