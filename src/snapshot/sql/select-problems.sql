-- The first problems of the file, in the order of its lines.
SELECT line, column_name, code, first_line
FROM problem
ORDER BY line, column_name, code
LIMIT 100
