-- How many primary keys a table has more than once.
SELECT count(*) AS doubled
FROM (SELECT 1 FROM {{table}} GROUP BY {{key}} HAVING count(*) > 1)
