-- Whether the ledger says anywhere what a row left of a balance.
SELECT EXISTS (SELECT 1 FROM ledger WHERE balance_after IS NOT NULL) AS has_running_balances
