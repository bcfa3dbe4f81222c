-- The rows of the first accounts under water, in the order of their first lines.
SELECT lines
FROM underwater_account
ORDER BY lines[1]
LIMIT 100
