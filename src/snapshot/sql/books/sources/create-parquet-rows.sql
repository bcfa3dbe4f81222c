-- The rows of Parquet files.
CREATE VIEW {{view}} AS
SELECT {{columns}}
FROM read_parquet({{files}}, hive_partitioning = false)
