"""What a standby answers tells that it is back, even where the answer is of no use."""

import pytest
from sqlalchemy.exc import OperationalError

from app.database.engines import Limits
from app.database.servers import Replica
from app.database.snapshots import SnapshotChanged
from app.database.urls import parse_database_url
from app.errors.reading import NotFound


class Gone(Exception):
    """As the driver says that a server is away."""

    sqlstate = None


def be_away() -> None:
    raise OperationalError("SELECT 1", {}, Gone(), connection_invalidated=True)


@pytest.mark.parametrize("answer", [SnapshotChanged(), NotFound("There is no such company.")])
def test_a_standby_that_answers_with_an_exception_is_asked_again(answer: Exception) -> None:
    standby = Replica(parse_database_url("postgresql://postgres@127.0.0.1:1/none"), Limits(1, 1, 1))
    with standby.failover():
        be_away()
    assert standby.is_available() is False

    with pytest.raises(type(answer)), standby.failover():
        raise answer
    assert standby.is_available() is True
