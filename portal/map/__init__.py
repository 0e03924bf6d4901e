"""地图: divisions coloured by their share, institutions as signs, and the same as a table and on paper."""
