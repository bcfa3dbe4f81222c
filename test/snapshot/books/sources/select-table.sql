-- All rows of a table or view, as text.
SELECT COLUMNS(*)::VARCHAR FROM {{table}} ORDER BY ALL
