-- An instrument that has expired has no settlement price, though there are marks of it.
DELETE FROM marks
WHERE kind = 'settlement' AND instrument = (SELECT min(instrument) FROM marks WHERE kind = 'settlement')
RETURNING NULL::VARCHAR AS account, NULL::VARCHAR AS asset, instrument
