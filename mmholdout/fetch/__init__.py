"""What comes over a network: downloads checked by digest, archives unpacked without surprises."""
