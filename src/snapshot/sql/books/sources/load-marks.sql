-- Marks up to the instant.
INSERT INTO mark
SELECT instrument, kind, price, price_asset, at_ns, source
FROM read_marks
WHERE counted
