-- What a token may do about tokens, separated by spaces: rotate, manage-tokens:ACCOUNT. NULL for nothing.
ALTER TABLE tokens ADD COLUMN may TEXT;
