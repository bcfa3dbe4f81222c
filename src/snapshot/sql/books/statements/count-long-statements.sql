-- Users whose statement has more bytes than a statement may have.
SELECT count(*) AS row_count
FROM read_parquet(getvariable('part_paths'))
WHERE strlen(statement) > getvariable('max_statement_bytes')
