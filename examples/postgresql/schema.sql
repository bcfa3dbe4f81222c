-- Tables as a platform may have them: amounts are numeric, instants have a zone.
CREATE TABLE movements (
  id bigint PRIMARY KEY,
  customer text NOT NULL,
  currency text NOT NULL,
  amount numeric NOT NULL,
  reason text NOT NULL,
  booked_at timestamptz NOT NULL
);
CREATE TABLE wallets (customer text, currency text, total numeric NOT NULL, PRIMARY KEY (customer, currency));
CREATE TABLE quotes (currency text, usd numeric NOT NULL, quoted_at timestamptz, feed text NOT NULL);

INSERT INTO movements VALUES
  (1, 'ann@example.org', 'BTC', 0.5, 'deposit', '2026-03-02T10:15:00Z'),
  (2, 'bob@example.org', 'USDT', 250.75, 'deposit', '2026-03-05T08:00:00Z'),
  (3, 'ann@example.org', 'BTC', -0.01, 'trade', '2026-03-06T12:30:00Z'),
  (4, 'ann@example.org', 'USDT', 640, 'trade', '2026-03-06T12:30:00Z'),
  (5, 'bob@example.org', 'BTC', 0.01, 'trade', '2026-03-06T12:30:00Z'),
  (6, 'bob@example.org', 'USDT', -240, 'trade', '2026-03-06T12:30:00Z');
INSERT INTO wallets VALUES
  ('ann@example.org', 'BTC', 0.49),
  ('ann@example.org', 'USDT', 640),
  ('bob@example.org', 'BTC', 0.01),
  ('bob@example.org', 'USDT', 10.75);
INSERT INTO quotes VALUES
  ('BTC', 64000, '2026-03-30T23:59:00Z', 'example feed'),
  ('USDT', 1, '2026-03-30T23:59:00Z', 'example feed');
