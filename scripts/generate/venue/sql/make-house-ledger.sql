-- The other side of what the users traded, paid and got: fees go to the fee account, the rest comes from the desk, in
-- one row a day. What it begins with covers all that it pays.
INSERT INTO ledger
WITH flow AS (
  SELECT
    if(kind = 'fee', 'platform-fees', 'platform-desk') AS account,
    asset,
    kind,
    (at_ns - 1) // 86400000000000 AS day,
    -sum(amount) AS amount
  FROM ledger
  WHERE kind NOT IN ('deposit', 'withdrawal') AND at_ns <= getvariable('instant_ns')
  GROUP BY ALL
),
paid AS (
  SELECT account, asset, sum(greatest(-amount, 0)) AS amount
  FROM flow
  GROUP BY ALL
),
moved AS (
  SELECT account, asset, kind, amount, day * 86400000000000 + 86399000000000 AS at_ns
  FROM flow
  UNION ALL
  SELECT account, asset, 'deposit', amount + 1, getvariable('instant_ns') - getvariable('window_ns')
  FROM paid
),
numbered AS (
  SELECT *, 'D' || lower(to_base(row_number() OVER (ORDER BY at_ns, account, asset, kind), 36)) AS reference
  FROM moved
)
SELECT
  account,
  asset,
  amount,
  kind,
  at_ns,
  reference,
  sum(amount) OVER (PARTITION BY account, asset ORDER BY at_ns, reference) AS balance_after
FROM numbered
