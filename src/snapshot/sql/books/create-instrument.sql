-- kind is future, perpetual or option. style is linear or inverse for the first two, premium-paid or futures-style for
-- options. option_right is call or put. netted says that longs must equal shorts.
CREATE TABLE instrument (
  instrument VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  underlying VARCHAR NOT NULL,
  settlement_index INTEGER NOT NULL,
  contract_size DECIMAL(38, 18) NOT NULL,
  style VARCHAR NOT NULL,
  strike DECIMAL(38, 18),
  expiry_ns BIGINT,
  option_right VARCHAR,
  netted BOOLEAN NOT NULL
)
