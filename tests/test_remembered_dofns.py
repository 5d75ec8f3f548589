"""What Beam reads from a DoFn is the same when it is remembered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.remembered_dofns import remember_dofn_specs, remembered

pytestmark = pytest.mark.integration


def make_classes() -> tuple[type, type, type]:
    """Returns DoFns: with a state and a timer, with neither, and with a fault."""
    import apache_beam as beam
    from apache_beam.coders import VarIntCoder
    from apache_beam.transforms import userstate
    from apache_beam.transforms.timeutil import TimeDomain

    state = userstate.ReadModifyWriteStateSpec("count", VarIntCoder())
    count = beam.DoFn.StateParam(state)
    timer = beam.DoFn.TimerParam(userstate.TimerSpec("later", TimeDomain.WATERMARK))

    class Counting(beam.DoFn):
        def process(self, element: Any, count: Any = count, timer: Any = timer) -> None:
            """Needs both."""

    class Plain(beam.DoFn):
        def process(self, element: Any) -> None:
            """Needs nothing."""

    class Faulty(beam.DoFn):
        def process(self, element: Any, one: Any = count, two: Any = count) -> None:
            """Asks for one state under two names."""

    return Counting, Plain, Faulty


def test_each_class_is_read_once_and_each_dofn_gets_its_own_answer() -> None:
    from apache_beam.transforms import userstate

    counting, plain, _ = make_classes()
    borrowing = plain()
    borrowing.process = counting().process
    dofns = [counting(), plain(), borrowing]
    read: list[Any] = []

    def read_specs(dofn: Any) -> Any:
        read.append(dofn)
        return userstate.get_dofn_specs(dofn)

    specs_of = remembered(read_specs)
    for _ in range(2):
        found = [specs_of(dofn) for dofn in dofns]
        names = [[{spec.name for spec in kind} for kind in kinds] for kinds in found]
        both = [{"count"}, {"ts-later"}]
        assert names == [both, [set(), set()], both]
        found[1][0].add("what the caller does to it")

    specs_of(plain())
    assert read == dofns


def test_a_faulty_dofn_is_refused_each_time() -> None:
    from apache_beam.transforms import userstate

    remember_dofn_specs()
    remembers = userstate.get_dofn_specs
    remember_dofn_specs()

    assert userstate.get_dofn_specs is remembers
    assert remembers.__module__ == "tests.remembered_dofns"
    _, _, faulty = make_classes()
    for _ in range(2):
        with pytest.raises(ValueError, match="has duplicate process method parameters"):
            remembers(faulty())
