-- The primary keys that a source has more than once.
CREATE OR REPLACE TABLE doubled_key AS
SELECT {{key}} FROM {{rows}} WHERE counted GROUP BY ALL HAVING count(*) > 1
