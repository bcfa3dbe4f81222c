-- How many problems each file of a source has.
SELECT part, count(*) AS problem_count FROM source_problem GROUP BY part
