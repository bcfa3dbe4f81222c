-- The first problems of a source.
SELECT part, line, column_name, code, key, first_part, first_line
FROM source_problem
ORDER BY part, line, column_name, code
LIMIT 100
