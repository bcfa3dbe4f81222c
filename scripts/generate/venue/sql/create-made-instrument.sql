-- The instruments of the venue, with what a generator of positions must know besides: one step of quantity, what it puts
-- at stake in millionths of the quote currency, the price that it is entered around, and how exactly prices are stated.
CREATE TABLE made_instrument (
  place BIGINT NOT NULL,
  instrument VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  underlying VARCHAR NOT NULL,
  settlement_asset VARCHAR NOT NULL,
  contract_size VARCHAR NOT NULL,
  style VARCHAR NOT NULL,
  strike VARCHAR,
  expiry_ns BIGINT,
  option_right VARCHAR,
  netted BOOLEAN NOT NULL,
  quantity_step_e4 BIGINT NOT NULL,
  stake_micros BIGINT NOT NULL,
  entry_e8 BIGINT NOT NULL,
  tick_e8 BIGINT NOT NULL
)
