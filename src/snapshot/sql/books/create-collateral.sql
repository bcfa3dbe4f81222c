-- Collateral: posted is what the account posted and the platform holds, received what the platform posted and the
-- account holds; amount is not negative; in_cash says that cash has it already.
CREATE TABLE collateral (
  account VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  amount DECIMAL(38, 18) NOT NULL,
  direction VARCHAR NOT NULL,
  in_cash BOOLEAN NOT NULL,
  reference VARCHAR NOT NULL
)
