-- What is traded.
INSERT INTO instrument
SELECT instrument, kind, underlying, asset_index, contract_size, style, strike, expiry_ns, "right", netted
FROM read_instruments
JOIN book_asset ON symbol = settlement_asset
WHERE counted
