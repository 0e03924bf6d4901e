"""What the public asked, complained of or suggested, as the district reads and answers it."""
