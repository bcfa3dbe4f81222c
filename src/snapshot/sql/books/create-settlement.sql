-- What is not settled into cash yet: kind is realised, funding, withdrawal or deposit; amount is signed, as it will
-- change what the platform owes the account; in_cash says that cash has it already. position_id names the isolated
-- position that it belongs to, where it belongs to one.
CREATE TABLE settlement (
  account VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  amount DECIMAL(38, 18) NOT NULL,
  in_cash BOOLEAN NOT NULL,
  reference VARCHAR NOT NULL,
  position_id VARCHAR
)
