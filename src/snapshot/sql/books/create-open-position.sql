-- Open futures, perpetuals and options. quantity is signed; margin_mode is cross or isolated; margin is null for
-- cross, else in the settlement asset, and margin_outside_cash says whether cash is without it already.
CREATE TABLE open_position (
  account VARCHAR NOT NULL,
  position_id VARCHAR NOT NULL,
  instrument VARCHAR NOT NULL,
  quantity DECIMAL(38, 18) NOT NULL,
  entry_price DECIMAL(38, 18) NOT NULL,
  margin_mode VARCHAR NOT NULL,
  margin DECIMAL(38, 18),
  margin_outside_cash BOOLEAN NOT NULL
)
