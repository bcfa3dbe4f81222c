-- All problems of the file, listed or not.
SELECT count(*) AS problem_count FROM problem
