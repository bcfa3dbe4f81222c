-- The files that a pattern matches.
SELECT file FROM glob({{pattern}})
