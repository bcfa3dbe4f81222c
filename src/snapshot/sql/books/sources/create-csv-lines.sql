-- The rows of one plain CSV file with their lines.
CREATE OR REPLACE VIEW source_line AS
SELECT row_number() OVER () + 1 AS line, {{columns}}
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
  hive_partitioning = false,
  parallel = false
)
