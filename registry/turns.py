"""Two people at one door go through one by one."""

from typing import Any

from sqlalchemy.orm import Session


def take_turns(session: Session, *rows: Any) -> None:
    """Read the rows again and keep others from writing them; None among them is passed over.

    Whatever is looked up afterwards is what the one before has left.
    """
    session.flush()  # reading again would forget what the caller changed and has not written yet
    for row in filter(None, rows):
        # The row's own table alone: PostgreSQL locks no outer-joined neighbour that comes along with it.
        session.refresh(row, with_for_update={"of": type(row)})
