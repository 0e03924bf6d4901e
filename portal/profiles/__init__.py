"""一页纸 and 迎检台账包: as a page, in Word, as PDF, and the lists as a workbook."""
