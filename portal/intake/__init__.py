"""导入: workbooks come in, are judged, go back annotated, and are loaded whole or not at all."""
