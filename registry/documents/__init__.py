"""出具的文件: what was printed under a check code, so that a paper can be held against the register years later."""
