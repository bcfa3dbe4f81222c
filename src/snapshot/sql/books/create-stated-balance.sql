-- Balances as the platform's wallet system states them: with what open orders hold, or only what is available, as the
-- configuration says.
CREATE TABLE stated_balance (
  account VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  amount DECIMAL(38, 18) NOT NULL
)
