-- The sources of books: what each holds, read as it stands, typed, held to its own form, and loaded.

-- section: schema

-- name: create-book-asset
-- The assets that the configuration lists, in its order, which is the order of asset indexes.
CREATE TABLE book_asset (
  asset_index INTEGER NOT NULL,
  symbol VARCHAR NOT NULL,
  decimals INTEGER NOT NULL
)

-- name: create-book-account
-- Which user an account belongs to. class is user, house, insurance or fee; user_id is null for all but user.
CREATE TABLE book_account (
  account VARCHAR NOT NULL,
  user_id VARCHAR,
  class VARCHAR NOT NULL
)

-- name: create-instrument
-- kind is future, perpetual or option. style is linear or inverse for the first two, premium-paid or futures-style for
-- options. option_right is call or put. netted says that longs must equal shorts.
CREATE TABLE instrument (
  instrument VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  underlying VARCHAR NOT NULL,
  settlement_index INTEGER NOT NULL,
  contract_size DECIMAL(38, 18) NOT NULL,
  style VARCHAR NOT NULL,
  strike DECIMAL(38, 18),
  expiry_ns BIGINT,
  option_right VARCHAR,
  netted BOOLEAN NOT NULL
)

-- name: create-stated-balance
-- Balances as the platform's wallet system states them: with what open orders hold, or only what is available, as the
-- configuration says.
CREATE TABLE stated_balance (
  account VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  amount DECIMAL(38, 18) NOT NULL
)

-- name: create-opening-balance
-- Balances from which the ledger starts; none is 0.
CREATE TABLE opening_balance (
  account VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  amount DECIMAL(38, 18) NOT NULL
)

-- name: create-control-balance
-- The platform's control account for each asset: what all accounts together must add up to.
CREATE TABLE control_balance (
  asset_index INTEGER NOT NULL,
  amount DECIMAL(38, 18) NOT NULL
)

-- name: create-open-order
-- What open orders reserve.
CREATE TABLE open_order (
  account VARCHAR NOT NULL,
  order_id VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  reserved DECIMAL(38, 18) NOT NULL
)

-- name: create-open-position
-- Open futures, perpetuals and options. quantity is signed. margin_mode is cross or isolated. margin is null for cross,
-- else in the settlement asset. margin_outside_cash says whether cash is without it already.
CREATE TABLE open_position (
  account VARCHAR NOT NULL,
  position_id VARCHAR NOT NULL,
  instrument VARCHAR NOT NULL,
  quantity DECIMAL(38, 18) NOT NULL,
  entry_price DECIMAL(38, 18) NOT NULL,
  margin_mode VARCHAR NOT NULL,
  margin DECIMAL(38, 18),
  margin_outside_cash BOOLEAN NOT NULL
)

-- name: create-settlement
-- What is not settled into cash yet. kind is realised, funding, withdrawal or deposit. amount is signed, as it will
-- change what the platform owes the account. in_cash says that cash has it already. position_id names the isolated
-- position that it belongs to, where it belongs to one.
CREATE TABLE settlement (
  account VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  amount DECIMAL(38, 18) NOT NULL,
  in_cash BOOLEAN NOT NULL,
  reference VARCHAR NOT NULL,
  position_id VARCHAR
)

-- name: create-collateral
-- Collateral. posted is what the account posted and the platform holds. received is what the platform posted and the
-- account holds. amount is not negative. in_cash says that cash has it already.
CREATE TABLE collateral (
  account VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  amount DECIMAL(38, 18) NOT NULL,
  direction VARCHAR NOT NULL,
  in_cash BOOLEAN NOT NULL,
  reference VARCHAR NOT NULL
)

-- name: create-loan
-- What accounts have borrowed: principal and accrued interest, neither negative. secured_by names what secures it, in
-- words or as the id of an isolated position. position_id is that id; the loan then belongs to the position's margin
-- bucket.
CREATE TABLE loan (
  account VARCHAR NOT NULL,
  loan_id VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  principal DECIMAL(38, 18) NOT NULL,
  interest DECIMAL(38, 18) NOT NULL,
  secured_by VARCHAR,
  position_id VARCHAR
)

-- name: create-asset-price
-- Prices of whole assets in the quote currency, as time series up to the instant.
CREATE TABLE asset_price (
  asset_index INTEGER NOT NULL,
  price DECIMAL(38, 18) NOT NULL,
  at_ns BIGINT NOT NULL,
  source VARCHAR NOT NULL
)

-- name: create-mark
-- Marks of instruments as time series up to the instant. kind is mark, settlement, forward or volatility. price_asset
-- is the symbol of an asset or of the quote currency, and null for volatility (1 is 100 % a year).
CREATE TABLE mark (
  instrument VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  price DECIMAL(38, 18) NOT NULL,
  price_asset VARCHAR,
  at_ns BIGINT NOT NULL,
  source VARCHAR NOT NULL
)

-- name: create-ledger-sum
-- The ledger up to the instant, summed.
CREATE TABLE ledger_sum (
  account VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  amount DECIMAL(38, 18) NOT NULL
)

-- name: create-text-amount
-- An amount that a source states in text, exactly. It has at most 20 digits before the point and 18 behind it, and any
-- number of zeros before and behind these. Null for any other text. DuckDB reads decimals of 18 digits forty times as
-- fast as longer ones, so longer ones are read in halves.
CREATE MACRO text_amount(stated) AS
  CASE
    WHEN regexp_full_match(stated, '-?[0-9]{1,9}([.][0-9]{1,9})?')
      THEN try_cast(stated AS DECIMAL(18, 9))::DECIMAL(38, 18)
    WHEN regexp_full_match(stated, '-?[0-9]{1,18}[.][0-9]{1,18}')
      THEN try_cast(split_part(stated, '.', 1) AS BIGINT)::DECIMAL(38, 18)
        + try_cast(
          if(starts_with(stated, '-'), '-', '') || rpad(split_part(stated, '.', 2), 18, '0') AS BIGINT
        )::DECIMAL(18, 0) * 0.000000000000000001::DECIMAL(18, 18)
    WHEN regexp_full_match(stated, '-?[0-9]{1,20}([.][0-9]{1,18})?')
      THEN try_cast(stated AS DECIMAL(38, 18))
    WHEN regexp_full_match(stated, '-?0*[0-9]{1,20}')
      THEN try_cast(regexp_replace(stated, '^(-?)0+([0-9])', '\1\2') AS DECIMAL(38, 18))
    WHEN regexp_full_match(stated, '-?0*[0-9]{1,20}[.][0-9]{1,18}0*')
      THEN try_cast(
        regexp_replace(regexp_replace(stated, '^(-?)0+([0-9])', '\1\2'), '0+$', '') || '0' AS DECIMAL(38, 18)
      )
  END

-- name: create-whole-stated
-- An amount in whole units where it is stated in units of 10^-unit of one: its point is moved. A part of such a unit is
-- more digits than any amount has, so that it is refused as that. Any other text stays as it is.
CREATE MACRO whole_stated(stated VARCHAR, unit INTEGER) AS
  CASE
    WHEN unit > 0 AND regexp_full_match(stated, '-?[0-9]+([.]0+)?') THEN concat(
      if(starts_with(stated, '-'), '-', ''),
      regexp_replace(
        concat(
          '0',
          left(ltrim(split_part(stated, '.', 1), '-'), -unit),
          '.',
          right(repeat('0', unit) || ltrim(split_part(stated, '.', 1), '-'), unit)
        ),
        '^0+([0-9])',
        '\1'
      )
    )
    WHEN unit > 0 AND regexp_full_match(stated, '-?[0-9]+[.][0-9]+') THEN '0.' || repeat('9', 19)
    ELSE stated::VARCHAR
  END

-- name: create-text-amount-fault
-- Why text_amount does not take a text.
CREATE MACRO text_amount_fault(stated) AS
  CASE
    WHEN regexp_full_match(stated, '-?0*[0-9]{1,20}[.][0-9]+') THEN 'amount-too-precise'
    WHEN regexp_full_match(stated, '-?[0-9]+([.][0-9]+)?') THEN 'amount-too-large'
    WHEN regexp_full_match(stated, '(?i)[-+]?(nan|inf|infinity)') THEN 'amount-not-finite'
    ELSE 'amount-malformed'
  END

-- name: create-stated-decimal
-- A decimal or integer of any width as text_amount reads it: without zeros at the end of its fraction.
CREATE MACRO stated_decimal(amount) AS
  if(contains(amount::VARCHAR, '.'), rtrim(rtrim(amount::VARCHAR, '0'), '.'), amount::VARCHAR)

-- name: create-held-instant
-- Nanoseconds since 1970 UTC in the years 1678 to 2261, which are those that 64 bits hold whole. Null for any other,
-- also for infinity and the lowest integer, which writers have for "never" and "none".
CREATE MACRO held_instant(at_ns) AS
  CASE WHEN at_ns BETWEEN -9214560000000000000 AND 9214646399999999999 THEN at_ns::BIGINT END

-- name: create-text-instant
-- An instant that a source states in RFC 3339 with a zone, or as PostgreSQL's COPY writes it (2026-01-31 00:00:00+00), in
-- nanoseconds since 1970 UTC; null for any other text.
CREATE MACRO text_instant(stated) AS
  CASE
    WHEN regexp_full_match(
      stated,
      '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3])(:[0-5][0-9])?)'
    )
      THEN held_instant(epoch_ns(try_cast(stated AS TIMESTAMP_NS)))
  END

-- name: create-micros-instant
-- The nanoseconds since 1970 UTC of an instant that has microseconds at most; null for what held_instant refuses.
CREATE MACRO micros_instant(stated) AS
  held_instant(epoch_us(stated)::HUGEINT * 1000)

-- name: create-text-local-time
-- What the clock on a wall shows, as a source states it without a zone: the nanoseconds since 1970 as if it were UTC.
-- Null for any other text.
CREATE MACRO text_local_time(stated) AS
  CASE
    WHEN regexp_full_match(
      stated,
      '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?'
    )
      THEN held_instant(epoch_ns(try_cast(stated AS TIMESTAMP_NS)))
  END

-- name: create-zone-lead
-- How far the clocks of a time zone are ahead of UTC at an instant, in nanoseconds.
CREATE MACRO zone_lead(at_ns, zone) AS
  (epoch_us(timezone(zone, make_timestamptz(at_ns // 1000))) - at_ns // 1000) * 1000

-- name: create-sole-instant
-- The instant at which the clocks of a zone show a local time. It is one of two, by what the clocks are ahead of UTC a
-- day before and a day after. It is null where both are, as in the hour that comes twice, or neither, as in the one
-- that is skipped.
CREATE MACRO sole_instant(local_ns, zone, lead_before, lead_after) AS
  CASE
    WHEN zone_lead(local_ns - lead_before, zone) <> lead_before
      THEN CASE WHEN zone_lead(local_ns - lead_after, zone) = lead_after THEN held_instant(local_ns - lead_after) END
    WHEN lead_before = lead_after OR zone_lead(local_ns - lead_after, zone) <> lead_after
      THEN held_instant(local_ns - lead_before)
  END

-- name: create-local-instant
-- The instant at which the clocks of a time zone show a local time, in nanoseconds since 1970 UTC. Null where they show
-- it twice or never, and where held_instant refuses it. Lists of one bind a value to a name, so that it is read once.
CREATE MACRO local_instant(local_ns, zone) AS
  list_transform(
    list_transform(
      [held_instant(local_ns)],
      lambda ns: {
        'ns': ns,
        'before': zone_lead(ns - 86400000000000, zone),
        'after': zone_lead(ns + 86400000000000, zone)
      }
    ),
    lambda near: sole_instant(near.ns, zone, near.before, near.after)
  )[1]

-- name: create-account-fault
-- A user's account says whose it is, unless no account does: then each account id is its user's id.
CREATE MACRO account_fault(class, user_id, users_are_stated) AS
  CASE
    WHEN class = 'user' AND users_are_stated AND user_id IS NULL
      THEN {'column_name': 'user_id', 'code': 'value-missing'}
  END

-- name: create-instrument-fault
-- Futures and perpetuals are linear or inverse. Options are premium-paid or futures-style, and have a strike, an expiry
-- and a right, which the others have not; a perpetual has no expiry.
CREATE MACRO instrument_fault(kind, style, strike, expiry_ns, option_right) AS
  CASE
    WHEN (kind = 'option') <> (style IN ('premium-paid', 'futures-style'))
      THEN {'column_name': 'style', 'code': 'choice-unknown'}
    WHEN kind = 'option' AND strike IS NULL THEN {'column_name': 'strike', 'code': 'value-missing'}
    WHEN kind = 'option' AND expiry_ns IS NULL THEN {'column_name': 'expiry', 'code': 'value-missing'}
    WHEN kind = 'option' AND option_right IS NULL THEN {'column_name': 'right', 'code': 'value-missing'}
    WHEN kind <> 'option' AND strike IS NOT NULL THEN {'column_name': 'strike', 'code': 'value-unexpected'}
    WHEN kind <> 'option' AND option_right IS NOT NULL THEN {'column_name': 'right', 'code': 'value-unexpected'}
    WHEN kind = 'perpetual' AND expiry_ns IS NOT NULL THEN {'column_name': 'expiry', 'code': 'value-unexpected'}
  END

-- name: create-mark-fault
-- A volatility is a plain number; every other mark is a price in an asset. Forwards and volatilities are above 0.
CREATE MACRO mark_fault(kind, price, price_asset) AS
  CASE
    WHEN kind = 'volatility' AND price_asset IS NOT NULL
      THEN {'column_name': 'price_asset', 'code': 'value-unexpected'}
    WHEN kind <> 'volatility' AND price_asset IS NULL THEN {'column_name': 'price_asset', 'code': 'value-missing'}
    WHEN kind IN ('volatility', 'forward') AND price <= 0 THEN {'column_name': 'price', 'code': 'amount-not-positive'}
  END

-- name: create-position-fault
-- An isolated position has a margin, and says whether cash is without it already; a cross position has neither.
CREATE MACRO position_fault(margin_mode, margin, margin_outside_cash) AS
  CASE
    WHEN margin_mode = 'isolated' AND margin IS NULL THEN {'column_name': 'margin', 'code': 'value-missing'}
    WHEN margin_mode = 'isolated' AND margin_outside_cash IS NULL
      THEN {'column_name': 'margin_outside_cash', 'code': 'value-missing'}
    WHEN margin_mode = 'cross' AND coalesce(margin <> 0, false)
      THEN {'column_name': 'margin', 'code': 'value-unexpected'}
    WHEN margin_mode = 'cross' AND coalesce(margin_outside_cash, false)
      THEN {'column_name': 'margin_outside_cash', 'code': 'value-unexpected'}
  END

-- section: files

-- name: select-matching-files
-- The files that a pattern matches.
SELECT file FROM glob({{pattern}})

-- name: create-csv-rows
-- The rows of CSV files that are plain: nothing is guessed, and every value is text.
CREATE VIEW {{view}} AS
SELECT {{columns}}
FROM read_csv(
  {{files}},
  columns = {{header}},
  auto_detect = false,
  header = true,
  delim = ',',
  quote = '"',
  escape = '"',
  comment = '',
  compression = 'none',
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  ignore_errors = false,
  null_padding = false,
  normalize_names = false
)

-- name: create-csv-lines
-- The rows of one plain CSV file with their lines.
CREATE OR REPLACE VIEW source_line AS
SELECT row_number() OVER () + 1 AS line, {{columns}}
FROM read_csv(
  {{files}},
  columns = {{header}},
  auto_detect = false,
  header = true,
  delim = ',',
  quote = '"',
  escape = '"',
  comment = '',
  compression = 'none',
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  ignore_errors = false,
  null_padding = false,
  normalize_names = false,
  parallel = false
)

-- name: select-parquet-columns
-- The columns of one Parquet file, with their types.
SELECT column_name, column_type
FROM (
  DESCRIBE SELECT * FROM read_parquet(
    {{files}},
    hive_partitioning = false,
    union_by_name = false,
    filename = false,
    binary_as_string = false
  )
)

-- name: select-parquet-row-count
-- How many rows one Parquet file says that it has.
SELECT num_rows AS row_count FROM parquet_file_metadata({{files}})

-- name: create-parquet-rows
-- The rows of Parquet files.
CREATE VIEW {{view}} AS
SELECT {{columns}}
FROM read_parquet(
  {{files}},
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)

-- name: create-parquet-lines
-- The rows of one Parquet file, counted from 1.
CREATE OR REPLACE VIEW source_line AS
SELECT file_row_number + 1 AS line, {{columns}}
FROM read_parquet(
  {{files}},
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false,
  file_row_number = true
)

-- name: create-text-table
-- The rows of a source that DuckDB does not read itself, as text, each with the number of its file and its line.
CREATE TABLE {{table}} (
  part INTEGER NOT NULL,
  line UBIGINT NOT NULL,
  {{columns}}
)

-- name: create-text-rows
-- The rows that were put into a table of text.
CREATE VIEW {{view}} AS
SELECT {{columns}} FROM {{table}}

-- name: create-text-lines
-- The rows of one file that were put into a table of text.
CREATE OR REPLACE VIEW source_line AS
SELECT line, {{columns}}
FROM {{table}}
WHERE part = {{part}}

-- section: values

-- name: absent-text
-- The value of a column of text that a source has not.
NULL::VARCHAR

-- name: absent-amount
-- The amount of a column that a source has not.
NULL::DECIMAL(38, 18)

-- name: absent-instant
-- The instant of a column that a source has not.
NULL::BIGINT

-- name: absent-boolean
-- The truth value of a column that a source has not.
NULL::BOOLEAN

-- name: text-of-text
-- A text.
{{stated}}

-- name: text-of-other
-- An integer, UUID or member of an enumeration as text.
{{stated}}::VARCHAR

-- name: boolean-of-text
-- A truth value that is stated in text.
CASE {{stated}} WHEN 'true' THEN true WHEN 'false' THEN false END

-- name: boolean-of-boolean
-- A truth value.
{{stated}}

-- name: amount-of-text
-- An amount that is stated in text.
text_amount({{stated}})

-- name: amount-of-narrow
-- An amount of a type whose every value has at most 20 digits before the point and 18 behind it.
{{stated}}::DECIMAL(38, 18)

-- name: amount-of-wide
-- An amount of any other decimals or integers.
text_amount(stated_decimal({{stated}}))

-- name: instant-of-text
-- An instant that is stated in text with its zone.
text_instant({{stated}})

-- name: instant-of-zoned-text
-- An instant that is stated in text, in the time zone of the source where it says none.
coalesce(text_instant({{stated}}), local_instant(text_local_time({{stated}}), {{zone}}))

-- name: instant-of-micros
-- An instant that has microseconds at most.
micros_instant({{stated}})

-- name: instant-of-nanos
-- An instant as nanoseconds since 1970 UTC, which DuckDB has no type for.
held_instant({{stated}})

-- name: instant-of-utc-text
-- An instant that is stated in text, in UTC where it says no zone.
coalesce(text_instant({{stated}}), text_local_time({{stated}}))

-- name: instant-of-utc-micros
-- An instant that is stated without a zone and is in UTC, in microseconds at most.
micros_instant({{stated}})

-- name: instant-of-utc-nanos
-- An instant that is stated without a zone and is in UTC, in nanoseconds.
held_instant(epoch_ns({{stated}}))

-- name: instant-of-local-micros
-- An instant that is stated without a zone, in microseconds at most.
local_instant(micros_instant({{stated}}), {{zone}})

-- name: instant-of-local-nanos
-- An instant that is stated without a zone, in nanoseconds.
local_instant(epoch_ns({{stated}}), {{zone}})

-- section: value faults

-- name: missing-refused
-- What is wrong with a value that every row must have.
CASE WHEN {{stated}} IS NULL THEN 'value-missing' ELSE {{fault}} END

-- name: missing-permitted
-- What is wrong with a value that a row may be without.
CASE WHEN {{stated}} IS NOT NULL THEN {{fault}} END

-- name: fault-of-key
-- A text that is checked where it is defined.
CASE WHEN strlen({{value}}) > {{max_bytes}} THEN 'text-too-long' END

-- name: fault-of-text
-- A text that is checked here.
CASE
  WHEN strlen({{value}}) > {{max_bytes}} THEN 'text-too-long'
  WHEN regexp_matches({{value}}, '[\x00-\x1f\x7f]') THEN 'text-has-control-character'
END

-- name: fault-of-asset
-- The symbol of an asset of the configuration.
CASE WHEN {{value}} NOT IN ({{texts}}) THEN 'asset-unknown' END

-- name: fault-of-choice
-- One of a few texts.
CASE WHEN {{value}} NOT IN ({{texts}}) THEN 'choice-unknown' END

-- name: fault-of-boolean
-- A truth value.
CASE WHEN {{value}} IS NULL THEN 'boolean-malformed' END

-- name: fault-of-instant
-- An instant that its type or its text says to the end.
CASE WHEN {{value}} IS NULL THEN 'instant-malformed' END

-- name: fault-of-text-instant
-- An instant in text: without a zone it could be any of a day's.
CASE
  WHEN {{value}} IS NULL
    THEN if(text_local_time({{stated}}) IS NULL, 'instant-malformed', 'column-type-unfit')
END

-- name: fault-of-zoned-text-instant
-- An instant in text, of a source that states its time zone.
CASE
  WHEN {{value}} IS NULL
    THEN if(text_local_time({{stated}}) IS NULL, 'instant-malformed', 'instant-ambiguous')
END

-- name: fault-of-local-instant
-- An instant without a zone, of a source that states its time zone.
CASE
  WHEN {{value}} IS NULL
    THEN if(held_instant({{local}}) IS NULL, 'instant-malformed', 'instant-ambiguous')
END

-- name: fault-of-amount
-- An amount of a type that holds others too.
CASE WHEN {{value}} IS NULL THEN text_amount_fault({{text}}) END

-- name: fault-of-amount-not-negative
-- The same of one that may not be below 0.
CASE
  WHEN coalesce({{value}} < 0, regexp_full_match({{text}}, '-[0-9]+([.][0-9]+)?')) THEN 'amount-negative'
  WHEN {{value}} IS NULL THEN text_amount_fault({{text}})
END

-- name: fault-of-amount-positive
-- The same of one that must be above 0.
CASE
  WHEN coalesce({{value}} <= 0, regexp_full_match({{text}}, '-[0-9]+([.][0-9]+)?')) THEN 'amount-not-positive'
  WHEN {{value}} IS NULL THEN text_amount_fault({{text}})
END

-- section: typed rows

-- name: create-typed-rows
-- The values of a source's rows. A row is sound where nothing is wrong with it by itself, and counts where it is also
-- not later than the instant.
CREATE VIEW {{view}} AS
WITH read AS (
  SELECT {{values}}, {{values_sound}} AS values_sound FROM {{rows}}
), judged AS (
  SELECT * EXCLUDE (values_sound), values_sound AND ({{row_fault}}) IS NULL AS sound FROM read
)
SELECT *, sound AND coalesce(at_ns <= {{instant}}, true) AS counted FROM judged

-- section: faults

-- name: create-source-problem
-- What is wrong with the rows of a source. stated is the start of the text at fault. It tells the kind of fault, and
-- nobody is shown it. key names a row that has no line. first_part and first_line are the row that a doubled row
-- repeats.
CREATE OR REPLACE TABLE source_problem (
  part INTEGER NOT NULL,
  line UBIGINT NOT NULL,
  column_name VARCHAR NOT NULL,
  code VARCHAR NOT NULL,
  stated VARCHAR,
  key VARCHAR,
  first_part INTEGER,
  first_line UBIGINT
)

-- name: find-faulty-rows
-- Everything that is wrong with the rows of one file.
INSERT INTO source_problem
WITH read AS (
  SELECT line, {{key}} AS row_key, {{values}}, {{faults}} AS value_faults, {{stated}} AS stated
  FROM source_line
), judged AS (
  SELECT line, row_key, stated, list_filter(list_append(value_faults, {{row_fault}}), fault -> fault.code IS NOT NULL) AS faults
  FROM read
), found AS (
  SELECT line, row_key, stated, unnest(faults) AS fault FROM judged WHERE len(faults) > 0
)
SELECT {{part}}, line, fault.column_name, fault.code, left(stated[fault.column_name], 64), row_key, NULL, NULL FROM found

-- name: create-doubled-key
-- The primary keys that a source has more than once.
CREATE OR REPLACE TABLE doubled_key AS
SELECT {{key}} FROM {{rows}} WHERE counted GROUP BY ALL HAVING count(*) > 1

-- name: create-doubled-place
-- Where the rows are whose primary keys are doubled.
CREATE OR REPLACE TABLE doubled_place AS
SELECT 0::INTEGER AS part, 0::UBIGINT AS line, NULL::VARCHAR AS row_key, * FROM doubled_key LIMIT 0

-- name: find-doubled-places
-- The places of doubled primary keys in one file.
INSERT INTO doubled_place
WITH read AS (
  SELECT line, {{row_key}} AS row_key, {{values}} FROM source_line
)
SELECT {{part}}, line, row_key, {{key}}
FROM read
SEMI JOIN doubled_key USING ({{key}})
WHERE coalesce(at_ns <= {{instant}}, true)

-- name: find-doubled-rows
-- Every further row of a doubled primary key, with the place of the first.
INSERT INTO source_problem
WITH placed AS (
  SELECT
    *,
    row_number() OVER first_to_last AS occurrence,
    first_value(part) OVER first_to_last AS first_part,
    first_value(line) OVER first_to_last AS first_line
  FROM doubled_place
  WINDOW first_to_last AS (PARTITION BY {{key}} ORDER BY part, line)
)
SELECT part, line, {{column_name}}, 'row-doubled', NULL, row_key, first_part, first_line
FROM placed
WHERE occurrence > 1

-- name: count-doubled-rows
-- How many primary keys a table has more than once.
SELECT count(*) AS doubled
FROM (SELECT 1 FROM {{table}} GROUP BY {{key}} HAVING count(*) > 1)

-- name: find-refused-users
-- The rows of one file whose user id the protocol does not take.
INSERT INTO source_problem
SELECT {{part}}, line, {{column_name}}, fault, NULL, NULL, NULL, NULL
FROM source_line
JOIN unusual_user ON stated = {{column}}
WHERE fault IS NOT NULL

-- name: count-source-problems
-- How many problems each file of a source has.
SELECT part, count(*) AS problem_count FROM source_problem GROUP BY part

-- name: select-source-problems
-- The first problems of a source.
SELECT part, line, column_name, code, stated, key, first_part, first_line
FROM source_problem
ORDER BY part, line, column_name, code
LIMIT 100

-- section: loading

-- name: load-accounts
-- Accounts that are not users' belong to nobody whose liability is proven.
INSERT INTO book_account
SELECT account, if(class = 'user', coalesce(user_id, account), NULL), class
FROM read_accounts
WHERE counted

-- name: load-instruments
-- What is traded.
INSERT INTO instrument
SELECT instrument, kind, underlying, asset_index, contract_size, style, strike, expiry_ns, "right", netted
FROM read_instruments
JOIN book_asset ON symbol = settlement_asset
WHERE counted

-- name: load-balances
-- Balances as the platform states them.
INSERT INTO stated_balance
SELECT account, asset_index, amount
FROM read_balances
JOIN book_asset ON symbol = asset
WHERE counted

-- name: load-opening
-- Balances from which the ledger starts.
INSERT INTO opening_balance
SELECT account, asset_index, amount
FROM read_opening
JOIN book_asset ON symbol = asset
WHERE counted

-- name: load-control
-- The platform's control accounts.
INSERT INTO control_balance
SELECT asset_index, amount
FROM read_control
JOIN book_asset ON symbol = asset
WHERE counted

-- name: load-orders
-- What open orders reserve.
INSERT INTO open_order
SELECT account, order_id, asset_index, reserved
FROM read_orders
JOIN book_asset ON symbol = asset
WHERE counted

-- name: load-positions
-- Open positions; one with cross margin has no margin of its own.
INSERT INTO open_position
SELECT
  account,
  position_id,
  instrument,
  quantity,
  entry_price,
  margin_mode,
  if(margin_mode = 'isolated', margin, NULL),
  coalesce(margin_outside_cash, false)
FROM read_positions
WHERE counted

-- name: load-settlements
-- What is not settled yet.
INSERT INTO settlement
SELECT account, asset_index, kind, amount, in_cash, reference, position_id
FROM read_settlements
JOIN book_asset ON symbol = asset
WHERE counted

-- name: load-collateral
-- Collateral posted and received.
INSERT INTO collateral
SELECT account, asset_index, amount, direction, in_cash, reference
FROM read_collateral
JOIN book_asset ON symbol = asset
WHERE counted

-- name: load-loans
-- What accounts have borrowed.
INSERT INTO loan
SELECT account, loan_id, asset_index, principal, interest, secured_by, position_id
FROM read_loans
JOIN book_asset ON symbol = asset
WHERE counted

-- name: load-prices
-- Prices up to the instant.
INSERT INTO asset_price
SELECT asset_index, price, at_ns, source
FROM read_prices
JOIN book_asset ON symbol = asset
WHERE counted

-- name: load-marks
-- Marks up to the instant.
INSERT INTO mark
SELECT instrument, kind, price, price_asset, at_ns, source
FROM read_marks
WHERE counted

-- name: select-row-summary
-- How many rows a source has, and those up to the instant.
SELECT
  count(*) AS row_count,
  count_if(counted) AS counted,
  count_if(NOT sound) AS faulty,
  min(at_ns) FILTER (counted) AS first_at_ns,
  max(at_ns) FILTER (counted) AS last_at_ns
FROM {{rows}}

-- section: ledger

-- name: create-ledger-group
-- The one scan of the ledger: its sums, and by state what counts (0), what is later than the instant (1) and what is
-- faulty (2).
CREATE TABLE ledger_group AS
SELECT
  account,
  asset,
  CASE WHEN counted THEN 0 WHEN sound THEN 1 ELSE 2 END AS state,
  sum(amount) AS amount,
  count(*) AS row_count,
  min(at_ns) AS first_at_ns,
  max(at_ns) AS last_at_ns
FROM read_ledger
GROUP BY account, asset, state

-- name: select-ledger-summary
-- How many rows the ledger has, and those up to the instant.
SELECT
  coalesce(sum(row_count), 0)::BIGINT AS row_count,
  coalesce(sum(row_count) FILTER (state = 0), 0)::BIGINT AS counted,
  coalesce(sum(row_count) FILTER (state = 2), 0)::BIGINT AS faulty,
  min(first_at_ns) FILTER (state = 0) AS first_at_ns,
  max(last_at_ns) FILTER (state = 0) AS last_at_ns
FROM ledger_group

-- name: load-ledger-sum
-- The sums of the ledger up to the instant.
INSERT INTO ledger_sum
SELECT account, asset_index, amount
FROM ledger_group
JOIN book_asset ON symbol = asset
WHERE state = 0

-- name: drop-ledger-group
-- Frees what the scan of the ledger took.
DROP TABLE ledger_group

-- name: create-ledger
-- The rows of the ledger up to the instant, still in their files: each use reads them again.
CREATE VIEW ledger AS
SELECT account, asset_index, amount, kind, at_ns, reference, balance_after
FROM read_ledger
JOIN book_asset ON symbol = asset
WHERE counted

-- name: create-empty-ledger
-- The ledger of books that have none.
CREATE TABLE ledger (
  account VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  amount DECIMAL(38, 18) NOT NULL,
  kind VARCHAR NOT NULL,
  at_ns BIGINT NOT NULL,
  reference VARCHAR NOT NULL,
  balance_after DECIMAL(38, 18)
)

-- section: names

-- name: count-unknown-accounts
-- How many rows name an account that the source accounts does not list.
SELECT count(*) AS unknown FROM {{table}} ANTI JOIN book_account USING (account)

-- name: count-unknown-instruments
-- How many rows name an instrument that the source instruments does not list.
SELECT count(*) AS unknown FROM {{table}} ANTI JOIN instrument USING (instrument)

-- name: count-unknown-positions
-- How many rows name a position that is not an isolated one of the same account.
SELECT count(*) AS unknown
FROM {{table}} AS named
WHERE position_id IS NOT NULL AND NOT EXISTS (
  FROM open_position
  WHERE open_position.account = named.account
    AND open_position.position_id = named.position_id
    AND margin_mode = 'isolated'
)

-- name: count-unknown-price-assets
-- How many marks are prices in something that has no price itself.
SELECT count(*) AS unknown FROM {{table}} WHERE price_asset NOT IN ({{price_assets}})

-- section: name faults

-- name: unknown-accounts
-- Whether a typed row names an account that the source accounts does not list.
account NOT IN (SELECT account FROM book_account)

-- name: unknown-instruments
-- Whether a typed row names an instrument that the source instruments does not list.
instrument NOT IN (SELECT instrument FROM instrument)

-- name: unknown-positions
-- Whether a typed row names a position that is not an isolated one of the same account.
position_id IS NOT NULL AND (account, position_id) NOT IN (
  SELECT (account, position_id) FROM open_position WHERE margin_mode = 'isolated'
)

-- name: unknown-price-assets
-- Whether a typed row is a price in something that has no price itself.
price_asset NOT IN ({{price_assets}})

-- name: fault-of-unknown-name
-- The code of a row that counts and names what is not known; null of any other.
if(coalesce(at_ns <= {{instant}}, true) AND {{condition}}, {{code}}, NULL)

-- section: accounts

-- name: derive-accounts
-- Where no source lists accounts, every account that the books name is a user of its own.
INSERT INTO book_account
SELECT account, account, 'user'
FROM (
  SELECT account FROM stated_balance
  UNION
  SELECT account FROM opening_balance
  UNION
  SELECT account FROM ledger_sum
  UNION
  SELECT account FROM open_order
  UNION
  SELECT account FROM open_position
  UNION
  SELECT account FROM settlement
  UNION
  SELECT account FROM collateral
  UNION
  SELECT account FROM loan
)

-- name: select-unusual-users
-- The user ids that are not plain: other than 1 to 256 printable ASCII characters without a space at either end.
SELECT DISTINCT user_id
FROM book_account
WHERE NOT regexp_full_match(user_id, '[!-~]([ -~]{0,254}[!-~])?')

-- name: normalize-unusual-users
-- Puts the normal form of user ids in the place of those that are stated.
UPDATE book_account
SET user_id = unusual_user.user_id
FROM unusual_user
WHERE stated = book_account.user_id
