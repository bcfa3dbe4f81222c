-- Accounts that hold or owe something and belong to nobody, by the accounts that the books list.
WITH named AS (
  SELECT account FROM stated_component
  UNION ALL
  SELECT account FROM open_position
)
SELECT count(DISTINCT account) AS account_count
FROM named
ANTI JOIN book_account USING (account)
