"""Files in and out: tables are read from workbooks and text; templates, annotated copies and exports are written."""
