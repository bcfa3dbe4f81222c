-- Every further row of a doubled primary key, with the place of the first.
INSERT INTO source_problem
WITH placed AS (
  SELECT
    *,
    row_number() OVER first_to_last AS occurrence,
    first_value(part) OVER first_to_last AS first_part,
    first_value(line) OVER first_to_last AS first_line
  FROM doubled_place
  WINDOW first_to_last AS (PARTITION BY {{key}} ORDER BY part, line)
)
SELECT part, line, {{column_name}}, 'row-doubled', row_key, first_part, first_line
FROM placed
WHERE occurrence > 1
