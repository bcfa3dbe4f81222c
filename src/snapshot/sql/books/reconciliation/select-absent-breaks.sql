-- The lines of the list of accepted breaks that no break is behind.
SELECT line
FROM accepted_break
ANTI JOIN written_break USING (kind, account, asset, instrument, expected, found)
ORDER BY line
