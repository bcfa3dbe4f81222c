-- The hashes of the statements that were written in parts.
INSERT INTO statement
SELECT user_id, unhex(left(sha256(concat('solvent/statement/v1', chr(0), statement)), 62)) AS hash
FROM read_parquet(getvariable('part_paths'))
