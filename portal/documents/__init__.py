"""出具的文件: briefings by button and command, their files, and the page on which a paper is checked."""
