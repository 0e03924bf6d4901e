"""承继: an organisation that merged into another or was split; its old numbers and codes go on answering."""
