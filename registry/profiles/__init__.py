"""What one page says of an organisation on a day: the facts of several nouns, read at once for many organisations."""
