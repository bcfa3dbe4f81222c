-- statements.parquet: the statement of each user, by user id (in the order of its UTF-8 bytes). Few rows are in a row
-- group, so that one statement is found by reading little.
COPY (
  SELECT user_id, statement
  FROM read_parquet(getvariable('part_paths'))
) TO (getvariable('statements_path')) (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192)
