-- Itemised statements: the components of each user as canonical JSON, in parts and then in one file.

-- section: schema

-- name: create-json-text
-- A text as canonical JSON writes it. Statements have no control characters, so a quote and a
-- backslash are all that is escaped (RFC 8785, 3.2.2.2).
CREATE MACRO json_text(value) AS CASE
  WHEN contains(value, '"') OR contains(value, '\')
    THEN concat('"', replace(replace(value, '\', '\\'), '"', '\"'), '"')
  ELSE concat('"', value, '"')
END

-- name: create-json-units
-- Signed proof units as a canonical signed decimal of whole units of the asset, in quotes.
CREATE MACRO json_units(units, decimals) AS concat(
  if(units < 0, '"-', '"'),
  CASE
    WHEN decimals = 0 THEN abs(units)::VARCHAR
    WHEN strlen(abs(units)::VARCHAR) > decimals
      THEN rtrim(
        rtrim(concat(left(abs(units)::VARCHAR, -decimals), '.', right(abs(units)::VARCHAR, decimals)), '0'),
        '.'
      )
    ELSE rtrim(rtrim(concat('0.', lpad(abs(units)::VARCHAR, decimals, '0')), '0'), '.')
  END,
  '"'
)

-- name: create-json-decimal
-- A DECIMAL(38, 18) as a canonical signed decimal, in quotes; null where there is none.
CREATE MACRO json_decimal(value) AS
  if(value IS NULL, 'null', concat('"', rtrim(rtrim(value::VARCHAR, '0'), '.'), '"'))

-- name: create-component-kind
-- The kinds of components, in the order of the closed list of the protocol.
CREATE TABLE component_kind (
  kind VARCHAR NOT NULL,
  kind_index INTEGER NOT NULL
)

-- section: lines

-- name: create-statement-user
-- Every user of the books, numbered in the order of their ids as UTF-8.
CREATE TABLE statement_user AS
SELECT user_id, (row_number() OVER (ORDER BY user_id))::INTEGER AS user_index
FROM (SELECT DISTINCT user_id FROM book_account WHERE class = 'user')

-- name: create-statement-line
-- The lines of all statements in their order: the components of the accounts that belong to users.
CREATE TABLE statement_line AS
SELECT
  user_index, account, bucket, asset_index, kind_index, reference, instrument, quantity, entry_price, value_units
FROM component
JOIN book_account USING (account)
JOIN statement_user USING (user_id)
JOIN component_kind USING (kind)
ORDER BY user_index, account, bucket, asset_index, kind_index, reference

-- name: count-unfit-lines
-- Lines with a text that a statement does not hold: empty, beyond 256 bytes, or with a control character or line break. An
-- instrument's texts are its name, its underlying and the sources of its prices.
WITH unfit_instrument AS (
  SELECT DISTINCT instrument
  FROM (SELECT instrument, unnest(texts) AS named FROM quoted_instrument)
  WHERE NOT strlen(named) BETWEEN 1 AND 256 OR regexp_matches(named, '[\p{Cc}\p{Zl}\p{Zp}]')
)
SELECT count(*) AS row_count
FROM statement_line
LEFT JOIN unfit_instrument USING (instrument)
WHERE NOT (
  strlen(account) BETWEEN 1 AND 256
  AND strlen(bucket) BETWEEN 1 AND 256
  AND strlen(reference) <= 256
) OR regexp_matches(concat(account, bucket, reference), '[\p{Cc}\p{Zl}\p{Zp}]')
  OR unfit_instrument.instrument IS NOT NULL

-- name: count-users-of-many-lines
-- Users whose statement would have more lines than a statement may have.
SELECT count(*) AS row_count
FROM (
  SELECT user_index
  FROM statement_line
  GROUP BY user_index
  HAVING count(*) > getvariable('max_statement_lines')
)

-- name: count-statement-users
-- How many users there are, which is the number of the last one.
SELECT count(*) AS row_count FROM statement_user

-- section: parts

-- name: select-part-ends
-- The last user of each part that is written at once: a part has about 130 thousand lines, and all of each of its users.
SELECT DISTINCT user_index
FROM statement_line
WHERE rowid % 131072 = 131071
ORDER BY user_index

-- name: write-statement-part
-- The statements of some users, as canonical JSON: keys in the order of RFC 8785, lines in the order of the protocol.
COPY (
  WITH line AS (
    SELECT
      user_index,
      statement_line.rowid AS place,
      concat(
        '{"account":', json_text(account),
        ',"asset":"', symbol,
        '","bucket":', json_text(bucket),
        ',"kind":"', kind,
        '","reference":', json_text(reference),
        ',"valuation":', CASE
          WHEN quantity IS NULL THEN '{"of":"net"}'
          WHEN terms IS NULL
            THEN concat('{"of":"amount","quantity":', json_decimal(quantity), ',"rounding":"up"}')
          ELSE concat(
            '{"conversion":', conversion,
            ',"entryPrice":', json_decimal(entry_price),
            ',"instrument":', terms,
            ',"of":"position","quantity":', json_decimal(quantity),
            ',"quote":', quote,
            ',"rounding":"up"}'
          )
        END,
        ',"value":', json_units(value_units, decimals), '}'
      ) AS json
    FROM statement_line
    LEFT JOIN quoted_instrument USING (instrument)
    JOIN component_kind USING (kind_index)
    JOIN book_asset USING (asset_index)
    WHERE user_index > getvariable('first_user') AND user_index <= getvariable('last_user')
  ),
  joined AS (
    SELECT
      user_index,
      array_to_string(
        list_transform(list_sort(list({place: place, json: json})), lambda placed: placed.json),
        ','
      ) AS json
    FROM line
    GROUP BY user_index
  )
  SELECT user_id, concat('{"format":"solvent/statement/v2","lines":[', json, ']}') AS statement
  FROM statement_user
  LEFT JOIN joined USING (user_index)
  WHERE user_index > getvariable('first_user') AND user_index <= getvariable('last_user')
  ORDER BY user_index
) TO (getvariable('part_path')) (FORMAT parquet, COMPRESSION lz4)

-- name: drop-statement-line
-- The lines take as much room as the components.
DROP TABLE statement_line

-- name: count-long-statements
-- Users whose statement has more bytes than a statement may have.
SELECT count(*) AS row_count
FROM read_parquet(
  getvariable('part_paths'),
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
WHERE strlen(statement) > getvariable('max_statement_bytes')

-- section: whole

-- name: insert-statements
-- The hashes of the statements that were written in parts.
INSERT INTO statement
SELECT user_id, unhex(left(sha256(concat('solvent/statement/v2', chr(0), statement)), 62)) AS hash
FROM read_parquet(
  getvariable('part_paths'),
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)

-- name: write-statements
-- statements.parquet: the statement of each user, by user id (in the order of its UTF-8 bytes). Few rows are in a row
-- group, so that one statement is found by reading little.
COPY (
  SELECT user_id, statement
  FROM read_parquet(
    getvariable('part_paths'),
    hive_partitioning = false,
    union_by_name = false,
    filename = false,
    binary_as_string = false
  )
) TO (getvariable('statements_path')) (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192)

-- name: read-statements
-- statements.parquet in the order in which it was written, with the hash of each.
SELECT
  user_id,
  encode(statement) AS statement,
  unhex(left(sha256(concat('solvent/statement/v2', chr(0), statement)), 62)) AS hash
FROM read_parquet(
  getvariable('statements_pattern'),
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
