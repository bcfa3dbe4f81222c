-- For each account and asset with a break: the first ledger row whose own balance is not the sum up to it. Rows of one
-- instant have no known order: they agree where any of them has the balance at its end, and are passed over where
-- one of them has none.
UPDATE book_break
SET first_differing = first_row.reference
FROM (
  WITH suspect AS (
    SELECT account, asset_index, coalesce(amount, 0) AS opening
    FROM (SELECT account, asset_index FROM book_break WHERE account IS NOT NULL)
    LEFT JOIN opening_balance USING (account, asset_index)
  ), summed AS (
    SELECT
      account,
      asset_index,
      at_ns,
      reference,
      balance_after,
      opening + sum(amount) OVER (
        PARTITION BY account, asset_index
        ORDER BY at_ns RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS balance
    FROM ledger
    JOIN suspect USING (account, asset_index)
  ), instant AS (
    SELECT account, asset_index, at_ns, min(reference) AS reference
    FROM summed
    GROUP BY account, asset_index, at_ns
    HAVING count(balance_after) = count(*) AND NOT bool_or(balance_after = balance)
  )
  SELECT account, asset_index, arg_min(reference, at_ns) AS reference
  FROM instant
  GROUP BY account, asset_index
) AS first_row
WHERE book_break.account = first_row.account AND book_break.asset_index = first_row.asset_index
