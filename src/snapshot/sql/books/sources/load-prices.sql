-- Prices up to the instant.
INSERT INTO asset_price
SELECT asset_index, price, at_ns, source
FROM read_prices
JOIN book_asset ON symbol = asset
WHERE counted
