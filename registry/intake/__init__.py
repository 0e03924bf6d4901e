"""Bulk intake: one declaration per kind of workbook gives the template, the preview, the annotated copy and the load.

A page or a command makes two calls, each in a transaction of its own. First the preview:

    kind = KINDS[code]
    table = read_table(data, file_name, sheets=(kind.zh, kind.en))  # reports.workbooks.reading; raises FileRefused
    context = Context(at=now, on=today, max_rows=parameter, crs=crs, division_code=..., organisation_id=...)
    found = preview(session, kind, table, context)  # writes nothing
    run = record_preview(session, found, actor=actor, at=now)  # then session.commit()

The portal keeps the bytes in the instance folder under `run.code`, unless `found.holds_identity_numbers`. Then the
load, from the kept bytes and with the options of the run (`Crs(run.options["crs"])`); the rows are judged again,
because the register may have changed in between:

    found = preview(session, kind, read_table(kept, run.file_name, sheets=...), context)
    commit(session, found, run=run, actor=actor, at=now, trail=trail)  # then session.commit(); raises InvalidInput

The file is loaded whole or not at all. `reports.workbooks.annotating.annotated` gives it back with its problems marked.
"""
