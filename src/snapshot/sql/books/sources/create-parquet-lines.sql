-- The rows of one Parquet file, counted from 1.
CREATE OR REPLACE VIEW source_line AS
SELECT file_row_number + 1 AS line, {{columns}}
FROM read_parquet({{files}}, hive_partitioning = false, file_row_number = true)
