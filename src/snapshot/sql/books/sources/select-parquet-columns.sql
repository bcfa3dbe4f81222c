-- The columns of one Parquet file, with their types.
SELECT column_name, column_type
FROM (DESCRIBE SELECT * FROM read_parquet({{files}}, hive_partitioning = false))
