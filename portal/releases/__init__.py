"""超限导出: a file above the cap is asked for where it is made, let go by a second person, and taken there once."""
