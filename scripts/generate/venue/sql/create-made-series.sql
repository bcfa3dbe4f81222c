-- The series of marks that the venue publishes: at_ns is null for a running series, else the instant of its one row.
CREATE TABLE made_series (
  instrument VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  price_e8 BIGINT NOT NULL,
  price_asset VARCHAR,
  at_ns BIGINT
)
