-- Users whose statement would have more lines than a statement may have.
SELECT count(*) AS row_count
FROM (
  SELECT user_index
  FROM statement_line
  GROUP BY user_index
  HAVING count(*) > getvariable('max_statement_lines')
)
