SELECT count(*) AS problem_count FROM problem
