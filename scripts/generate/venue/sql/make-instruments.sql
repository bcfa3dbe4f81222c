-- The source `instruments`.
CREATE TABLE instruments AS
SELECT
  instrument,
  kind,
  underlying,
  settlement_asset,
  contract_size::DECIMAL(38, 18) AS contract_size,
  style,
  strike::DECIMAL(38, 18) AS strike,
  expiry_ns,
  option_right AS "right",
  netted
FROM made_instrument
