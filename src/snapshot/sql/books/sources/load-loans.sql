-- What accounts have borrowed.
INSERT INTO loan
SELECT account, loan_id, asset_index, principal, interest, secured_by, position_id
FROM read_loans
JOIN book_asset ON symbol = asset
WHERE counted
