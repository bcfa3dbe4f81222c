-- The rows of CSV files that are plain: nothing is guessed, and every value is text.
CREATE VIEW {{view}} AS
SELECT {{columns}}
FROM read_csv(
  {{files}},
  columns = {{header}},
  auto_detect = false,
  header = true,
  delim = ',',
  quote = '"',
  escape = '"',
  comment = '',
  compression = 'none',
  hive_partitioning = false
)
