-- Where the rows are whose primary keys are doubled.
CREATE OR REPLACE TABLE doubled_place AS
SELECT 0::INTEGER AS part, 0::UBIGINT AS line, NULL::VARCHAR AS row_key, * FROM doubled_key LIMIT 0
