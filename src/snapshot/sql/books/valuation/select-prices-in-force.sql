-- The last price of each asset up to the instant, if there is any.
WITH asked AS (
  SELECT asset_index, getvariable('at_ns')::BIGINT AS asked_ns FROM book_asset
)
SELECT asked.asset_index, price, at_ns, source
FROM asked
ASOF LEFT JOIN asset_price ON asked.asset_index = asset_price.asset_index AND asked_ns >= at_ns
ORDER BY asked.asset_index
