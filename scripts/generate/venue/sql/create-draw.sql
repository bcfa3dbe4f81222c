-- A whole number from 0 to bound - 1 that the seed determines. Streams are independent: their hash goes into the key
-- before it is mixed, because hashed side by side they would leave low bits alike. All in 64 bits: 128 are slow.
CREATE MACRO draw(stream, key, bound) AS
  ((hash(xor(key::UBIGINT, hash(getvariable('seed'), stream))) >> 8) % bound::UBIGINT)::BIGINT
