-- How many rows name an instrument that the source instruments does not list.
SELECT count(*) AS unknown FROM {{table}} ANTI JOIN instrument USING (instrument)
