"""The decision of fault rules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from asm_emulator.faults import SPOILS, Answer, Call, Drop, Faults, Hold, Rule, decide, failure, spoil

CALL = Call("create_role", "sub", "services/hostedservices/web/deployments/web/roles")
rules = st.builds(
    Rule,
    id=st.uuids().map(str),
    fault=st.sampled_from([Drop(), Hold(), Answer(failure=failure("ServerBusy"))]),
    operation=st.sampled_from(["*", "create_*", "delete_*"]),
    subscription=st.sampled_from([None, "sub", "other"]),
    resource=st.sampled_from([None, "services/*", "SERVICES/hostedservices/WEB*", "disks*"]),
    after=st.integers(0, 3),
    times=st.none() | st.integers(1, 3),
    chance=st.sampled_from([0.0, 0.5, 1.0]),
)


@given(st.lists(rules, max_size=4).map(tuple), st.integers(0, 12), st.booleans())
def test_counts_are_kept_and_limits_hold(chosen: tuple[Rule, ...], calls: int, late: bool) -> None:
    now = chosen
    for _ in range(calls):
        now, found = decide(now, CALL, late=late)
        if found is not None:
            assert found in now
            assert isinstance(found.fault, Hold) is late
    for before, after in zip(chosen, now, strict=True):
        assert after.used <= max(0, after.seen - before.after)
        assert before.times is None or after.used <= before.times
        assert after.seen <= calls
        if before.chance == 0:
            assert after.used == 0


@given(st.lists(rules, max_size=4).map(tuple))
def test_deciding_is_a_function(chosen: tuple[Rule, ...]) -> None:
    assert decide(chosen, CALL) == decide(chosen, CALL)


def test_the_first_rule_that_applies_decides_and_the_next_one_has_its_turn() -> None:
    kept = Faults()
    kept.add(Rule(id="first", fault=Drop(), after=1))
    kept.add(Rule(id="second", fault=Drop(), times=None))
    found = [rule.id if (rule := kept.meet(CALL)) else None for _ in range(4)]
    assert found == ["second", "first", "second", "second"]
    assert kept.remove(lambda rule: rule.id == "second") == 1
    assert kept.meet(CALL) is None


def test_chance_is_the_seeds_and_about_what_it_says() -> None:
    def run(seed: str) -> list[bool]:
        now: tuple[Rule, ...] = (Rule(id="x", fault=Drop(), times=None, chance=0.3, seed=seed),)
        found = []
        for _ in range(1000):
            now, rule = decide(now, CALL)
            found.append(rule is not None)
        return found

    assert run("a") == run("a") != run("b")
    assert 240 < sum(run("a")) < 360


@given(st.binary(max_size=200), st.sampled_from(SPOILS))
def test_a_spoilt_body_is_never_the_body(body: bytes, how: str) -> None:
    assert spoil(how, b"<a/>" + body) != b"<a/>" + body
