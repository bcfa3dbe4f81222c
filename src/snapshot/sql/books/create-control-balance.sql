-- The platform's control account for each asset: what all accounts together must add up to.
CREATE TABLE control_balance (
  asset_index INTEGER NOT NULL,
  amount DECIMAL(38, 18) NOT NULL
)
