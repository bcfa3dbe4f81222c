-- The wheel, from a list of what is at each place.
INSERT INTO asset_wheel
SELECT place - 1, asset_index
FROM unnest(getvariable('wheel')) WITH ORDINALITY AS listed (asset_index, place)
