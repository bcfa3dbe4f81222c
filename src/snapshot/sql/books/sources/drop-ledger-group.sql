-- Frees what the scan of the ledger took.
DROP TABLE ledger_group
