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
        ',"entryPrice":', json_text(entry_price),
        ',"instrument":', json_text(instrument),
        ',"kind":"', kind,
        '","price":', json_text(price),
        ',"priceAsset":', json_text(price_asset),
        ',"priceSource":', json_text(price_source),
        ',"pricedAt":', json_instant(price_at_ns),
        ',"quantity":', json_decimal(quantity),
        ',"reference":', json_text(reference),
        ',"value":', json_units(value_units, decimals), '}'
      ) AS json
    FROM statement_line
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
  SELECT user_id, concat('{"format":"solvent/statement/v1","lines":[', json, ']}') AS statement
  FROM statement_user
  LEFT JOIN joined USING (user_index)
  WHERE user_index > getvariable('first_user') AND user_index <= getvariable('last_user')
  ORDER BY user_index
) TO (getvariable('part_path')) (FORMAT parquet, COMPRESSION lz4)
