# ruleid: sql-from-text
sa.text(f"SELECT * FROM site WHERE name = '{name}'")
# ok: sql-from-text
sa.text("SELECT * FROM site WHERE name = :name")
