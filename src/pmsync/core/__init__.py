"""The pure part: issues, rules, scores, orders and plans. No I/O, no clock, no network."""
