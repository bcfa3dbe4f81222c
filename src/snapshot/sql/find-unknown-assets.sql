-- Every asset must be listed in assets.csv.
INSERT INTO problem
SELECT line, 'asset', 'asset-unknown', NULL
FROM balance
WHERE asset NOT IN (SELECT symbol FROM asset)
