"""Hostile input: what is sent, to everything that takes something in, and how the answers are judged.

Nothing here names a page. What there is to send to is found: forms and addresses on the pages that each visitor reaches
by following links, and in the map of addresses; columns in the schema; parameters by noting which ones a view asks for.
What is added to the portal is therefore tested without a line here.

| file | what |
|---|---|
| `stage.py` | the demonstration in the profile of work, visitors of every role and at the door; nothing sent is kept |
| `scene.py` | what must have happened so that every form stands on some page |
| `crawling.py` | the pages, forms and addresses that a visitor reaches |
| `forms.py` | a form as it was found, and what a browser or a program sends with it |
| `filling.py` | learns from the errors of a form which values it takes |
| `strings.py` | what is typed: the Big List of Naughty Strings, strings of our own, and machine-made ones |
| `sending.py` | what a person fills into a form, and what a program puts together |
| `noting.py` | which names a view asks for, and which forms it makes |
| `judging.py` | what every answer must be, and what becomes of what was typed |
"""
