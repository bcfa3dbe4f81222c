-- Reads a balances.csv that is plain, so that there is one row a line below the header; which column is which stands
-- in the header. Nothing is guessed, and nothing is null.
INSERT INTO balance_row BY NAME
SELECT row_number() OVER () + 1 AS line, *
FROM read_csv(
  getvariable('source_pattern'),
  columns = getvariable('column_types'),
  force_not_null = getvariable('column_names'),
  auto_detect = false,
  header = true,
  delim = ',',
  quote = '"',
  escape = '"',
  comment = '',
  compression = 'none',
  parallel = false
)
