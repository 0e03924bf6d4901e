"""数据核对: what another system says of our people and places, beside what we say, and who corrects where.

A foreign export is read by the columns that somebody named once, each of its rows is matched with one of ours or set
apart, and every field that differs becomes a finding. Whoever is not the source that a field is taken from corrects it:
they with a file in their own form, we on the page of the record. The next export of theirs shows what was done.
"""
