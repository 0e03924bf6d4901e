"""一页纸 and 迎检台账包: what they say, before it is laid out."""
