"""Files that belong to a record, such as the photo of a sign-in sheet: checked, sealed, and known by their record."""
