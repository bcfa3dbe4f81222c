-- A wheel with as many places for an asset as it has weight.
CREATE TABLE asset_wheel (
  place BIGINT NOT NULL,
  asset_index BIGINT NOT NULL
)
