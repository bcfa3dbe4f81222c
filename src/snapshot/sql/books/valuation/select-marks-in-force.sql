-- The last mark of each kind up to the instant, for the instruments that users have open positions in.
WITH asked AS (
  SELECT instrument, kind, getvariable('at_ns')::BIGINT AS asked_ns
  FROM held_instrument
  CROSS JOIN (VALUES ('mark'), ('settlement'), ('forward'), ('volatility')) AS wanted (kind)
)
SELECT asked.instrument, asked.kind, price, price_asset, at_ns, source
FROM asked
ASOF JOIN mark ON asked.instrument = mark.instrument AND asked.kind = mark.kind AND asked_ns >= at_ns
