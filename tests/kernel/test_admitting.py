"""Few at once: whoever comes when it is full is told so, and a place that was left is free again."""

import pytest

from kliento.kernel.admitting import Admission
from kliento.kernel.errors import Busy, TooMany


def test_only_so_many_are_inside_at_once():
    admission = Admission(most=2)
    with admission.place(by="a"), admission.place(by="b"), pytest.raises(Busy), admission.place(by="c"):
        pytest.fail("a third one was let in")
    with admission.place(by="c"), admission.place(by="d"):
        pass


def test_nobody_is_inside_twice():
    admission = Admission(most=2)
    with admission.place(by="a"), pytest.raises(TooMany), admission.place(by="a"):
        pytest.fail("the same one was let in again")
    with admission.place(by="a"):
        pass


def test_a_place_is_free_again_after_a_failure():
    admission = Admission(most=1)
    with pytest.raises(ValueError, match="wrong"), admission.place(by="a"):
        raise ValueError("wrong")
    with admission.place(by="b"):
        pass
