-- The tables of a market that is made up, and the macros that draw from a seed.

-- section: market

-- name: create-made-asset
-- The assets of the venue. step is one unit; the price is that of a whole one; ratio is the share of it that counts as
-- collateral.
CREATE TABLE made_asset (
  asset_index BIGINT NOT NULL,
  asset VARCHAR NOT NULL,
  decimals INTEGER NOT NULL,
  step DECIMAL(18, 18) NOT NULL,
  price_e12 HUGEINT NOT NULL,
  ratio_e4 BIGINT NOT NULL
)

-- name: create-asset-wheel
-- A wheel with as many places for an asset as it has weight.
CREATE TABLE asset_wheel (
  place BIGINT NOT NULL,
  asset_index BIGINT NOT NULL
)

-- name: create-made-instrument
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

-- name: create-made-series
-- The series of marks that the venue publishes: at_ns is null for a running series, else the instant of its one row.
CREATE TABLE made_series (
  instrument VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  price_e8 BIGINT NOT NULL,
  price_asset VARCHAR,
  at_ns BIGINT
)

-- name: fill-asset-wheel
-- The wheel, from a list of what is at each place.
INSERT INTO asset_wheel
SELECT place - 1, asset_index
FROM unnest(getvariable('wheel')) WITH ORDINALITY AS listed (asset_index, place)

-- section: macros

-- name: create-draw
-- A whole number from 0 to bound - 1 that the seed determines. Streams are independent: their hash goes into the key
-- before it is mixed, because hashed side by side they would leave low bits alike. All in 64 bits: 128 are slow.
CREATE MACRO draw(stream, key, bound) AS
  ((hash(xor(key::UBIGINT, hash(getvariable('seed'), stream))) >> 8) % bound::UBIGINT)::BIGINT

-- name: create-between
-- A whole number from first to last, both included.
CREATE MACRO draw_between(stream, key, first, last) AS
  first + draw(stream, key, last - first + 1)

-- name: create-chance
-- True in so many cases of a hundred.
CREATE MACRO chance(stream, key, percent) AS
  draw(stream, key, 100) < percent

-- name: create-pick
-- One value of a list.
CREATE MACRO pick(stream, key, choices) AS
  choices[draw(stream, key, len(choices)) + 1]

-- name: create-power-of-ten
-- 10^exponent, exactly, for 0 <= exponent <= 30.
CREATE MACRO power_of_ten(exponent) AS
  ('1' || repeat('0', exponent))::HUGEINT

-- name: create-units-of
-- The whole units of an asset that are worth so many millionths of the quote currency.
CREATE MACRO units_of(micros, decimals, price_e12) AS
  (micros::HUGEINT * power_of_ten(decimals + 6) // price_e12)::BIGINT

-- name: create-micros-of
-- What so many units of an asset are worth, in millionths of the quote currency.
CREATE MACRO micros_of(units, decimals, price_e12) AS
  units::HUGEINT * price_e12 // power_of_ten(decimals + 6)

-- name: create-amount
-- So many steps of a decimal, as a decimal: exact, where a quotient would be a floating point number.
CREATE MACRO amount(steps, step) AS
  (steps::DECIMAL(20, 0) * step)::DECIMAL(38, 18)

-- name: create-decimal-text
-- A decimal without zeros at its end.
CREATE MACRO decimal_text(amount) AS
  rtrim(rtrim(amount::VARCHAR, '0'), '.')

-- name: create-instant-text
-- An instant in RFC 3339 with nanoseconds.
CREATE MACRO instant_text(instant_ns) AS
  strftime(make_timestamp(instant_ns // 1000), '%Y-%m-%dT%H:%M:%S')
  || '.' || lpad((instant_ns % 1000000000)::VARCHAR, 9, '0') || 'Z'

-- name: create-share
-- A share of an amount in parts of 10,000, rounded towards 0, without a product that 64 bits do not hold.
CREATE MACRO share_of(units, parts) AS
  units // 10000 * parts + units % 10000 * parts // 10000

-- name: create-far-level
-- A balance anywhere between a fifth and nearly twice of what it will be.
CREATE MACRO far_level(holding, units, step) AS
  share_of(units, draw_between('far', holding * 1024 + step, 2000, 18000))

-- name: create-level
-- The balance of a holding after a step of its ledger: the opening balance before the first, the cash at the instant
-- after the last. Odd steps move it far, even ones by up to two in a thousand, as fees and funding do.
CREATE MACRO level(holding, opening, units, step, steps) AS
  CASE
    WHEN step = 0 THEN opening
    WHEN step = steps THEN units
    WHEN step > steps THEN units + units // 10 + 1
    WHEN step % 2 = 1 THEN far_level(holding, units, step)
    ELSE share_of(
      far_level(holding, units, step - 1),
      draw_between('near', holding * 1024 + step, 9980, 10020)
    )
  END
