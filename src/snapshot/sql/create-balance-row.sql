-- The rows of balances.csv as they are written, each with its line in the file. A file without a debt column leaves
-- the debt empty, which is no debt.
CREATE TABLE balance_row (
  line UBIGINT NOT NULL,
  user_id VARCHAR NOT NULL DEFAULT '',
  asset VARCHAR NOT NULL DEFAULT '',
  equity VARCHAR NOT NULL DEFAULT '',
  debt VARCHAR NOT NULL DEFAULT ''
)
