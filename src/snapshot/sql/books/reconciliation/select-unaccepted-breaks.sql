-- The breaks that the list of accepted ones does not have, counted by kind.
SELECT kind, count(*) AS break_count
FROM written_break
ANTI JOIN accepted_break USING (kind, account, asset, instrument, expected, found)
GROUP BY kind
ORDER BY kind
