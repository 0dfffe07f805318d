"""Directories of state that are not as they should be: cut off, damaged, of other versions."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from asm_client import Client, WSGITransport
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.versions import LATEST
from asm_emulator import values
from asm_emulator.cli import main
from asm_emulator.driver import certificate
from asm_emulator.durable import StateError, Store, lines
from asm_emulator.durable.images import difference, pieces, settings
from asm_emulator.durable.reading import generations, read
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator
from asm_emulator.keeping import Image
from asm_emulator.seeding import plant

Document = dict[str, Any]
SERVICES = ("one", "two", "three", "four")


def begin(directory: Path) -> Emulator:
    return Emulator(state=directory, pace="manual", certificates=[certificate("areas")], state_sync="always")


def create(emulator: Emulator, name: str) -> None:
    transport = WSGITransport(emulator.app.wsgi_app, certificate("areas"))
    Client(transport, emulator.subscription, version=LATEST).create_hosted_service(
        CreateHostedService(service_name=name, label=name, location="West US")
    )


def services(directory: Path) -> set[str]:
    found = read(directory)
    assert found is not None
    return set(found.image.state.subscriptions[DEFAULT_SUBSCRIPTION].hosted_services)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Four services, of which the journal knows."""
    made = tmp_path / "state"
    with begin(made) as emulator:
        for name in SERVICES:
            create(emulator, name)
    return made


def journal(directory: Path) -> Path:
    (found,) = directory.glob("*.journal")
    return found


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


# -- the end is missing -----------------------------------------------------------------------------------------------


def test_a_record_that_is_cut_off_anywhere_is_no_record(directory: Path, tmp_path: Path) -> None:
    *good, last = lines_of(journal(directory))
    before = b"".join(good)
    for length in range(0, len(last), max(1, len(last) // 40)):
        for end in (last[:length], last[:length] + bytes(64), last[:length] + b"\xff\n\xff"):
            copy = tmp_path / "copy"
            shutil.copytree(directory, copy)
            journal(copy).write_bytes(before + end)
            assert services(copy) == set(SERVICES[:3])
            shutil.rmtree(copy)


def test_it_is_cut_off_with_a_line_in_the_log_and_goes_on(directory: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = journal(directory)
    path.write_bytes(path.read_bytes()[:-7])
    with begin(directory) as emulator:
        assert "never finished are cut off after record" in caplog.text
        create(emulator, "five")
    assert services(directory) == {"one", "two", "three", "five"}
    with begin(directory):
        pass


def test_a_directory_whose_first_start_was_cut_off_is_a_new_one(tmp_path: Path) -> None:
    for content in (b"", b"0123", lines.line({"format": "asm-emulator state", "kind": "journal", "schema": 1, "n": 0})):
        directory = tmp_path / str(len(content))
        directory.mkdir()
        (directory / "0000000001.journal").write_bytes(content)
        (directory / "0000000001.tmp").write_bytes(b"something")
        with begin(directory) as emulator:
            create(emulator, "one")
        assert services(directory) == {"one"}
        assert not list(directory.glob("*.tmp"))


# -- damage -----------------------------------------------------------------------------------------------------------


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize("place", [3, 8, 20, -2])
def test_damage_in_the_middle_is_refused_and_changes_nothing(directory: Path, place: int) -> None:
    path = journal(directory)
    header, first, second, *rest = lines_of(path)
    path.write_bytes(b"".join([header, first, flipped(second, place), *rest]))
    before = {one.name: one.read_bytes() for one in directory.iterdir() if one.name != "lock"}
    with pytest.raises(StateError, match=r"damaged at byte \d+: record 2 is spoilt.*--salvage"):
        begin(directory)
    assert {one.name: one.read_bytes() for one in directory.iterdir() if one.name != "lock"} == before


def test_a_missing_record_is_noticed(directory: Path) -> None:
    path = journal(directory)
    header, first, _, *rest = lines_of(path)
    path.write_bytes(b"".join([header, first, *rest]))
    with pytest.raises(StateError, match="record 2 is spoilt"):
        begin(directory)


def test_a_spoilt_snapshot_is_refused(directory: Path) -> None:
    (path,) = directory.glob("*.snapshot")
    data = path.read_bytes()
    for spoilt in (flipped(data, 5), flipped(data, len(data) // 2), data[:-5], b"".join(lines_of(path)[:-1]), b""):
        path.write_bytes(spoilt)
        with pytest.raises(StateError, match=r"damaged at byte|not even its first line"):
            begin(directory)


def test_a_snapshot_or_journal_that_is_gone_is_refused(directory: Path) -> None:
    content = journal(directory).read_bytes()
    journal(directory).unlink()
    with pytest.raises(StateError, match="it is not there"):
        begin(directory)
    (directory / "0000000001.journal").write_bytes(content)
    next(directory.glob("*.snapshot")).unlink()
    with pytest.raises(StateError, match="no snapshot that they go on from"):
        begin(directory)


def test_salvage_keeps_what_comes_before_the_damage(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = journal(directory)
    content = lines_of(path)
    spoilt = b"".join([*content[:3], flipped(content[3], 30), *content[4:]])
    path.write_bytes(spoilt)
    assert main(["state", str(directory)]) == 1
    assert "--salvage" in capsys.readouterr().err
    assert main(["state", str(directory), "--salvage"]) == 0
    said = capsys.readouterr().out
    assert "lost: 0000000001.journal, from byte" in said and "2 hosted services" in said
    assert (directory / "damaged-1" / "0000000001.journal").read_bytes() == spoilt
    with begin(directory) as emulator:
        assert set(emulator.engine.state.subscriptions[DEFAULT_SUBSCRIPTION].hosted_services) == {"one", "two"}
        create(emulator, "five")
    assert services(directory) == {"one", "two", "five"}


def test_salvage_of_a_spoilt_snapshot_keeps_its_other_lines(tmp_path: Path) -> None:
    directory = tmp_path / "state"
    with begin(directory) as emulator:
        create(emulator, "one")
        image = emulator.engine.image()
    shutil.rmtree(directory)
    Store(directory, image).close()
    (path,) = directory.glob("*.snapshot")
    content = lines_of(path)
    names = next(place for place, one in enumerate(content) if b'"names"' in one)
    path.write_bytes(b"".join([*content[:names], flipped(content[names], 30), *content[names + 1 :]]))
    assert main(["state", str(directory), "--salvage"]) == 0
    found = read(directory)
    assert found is not None and not found.image.state.names
    assert services(directory) == {"one"}


def test_a_directory_in_use_is_not_mended(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with begin(directory):
        assert main(["state", str(directory), "--salvage"]) == 1
    assert "in use by another asm-emulator" in capsys.readouterr().err


# -- other versions ---------------------------------------------------------------------------------------------------


def rewritten(path: Path, change: Callable[[Document], Document]) -> None:
    """Every line of a file changed, with the right checksum."""
    path.write_bytes(b"".join(lines.line(change(one.document)) for one in list(lines.read(path)) if one.document))


def test_a_later_version_is_refused(directory: Path) -> None:
    for path in (journal(directory), *directory.glob("*.snapshot")):
        rewritten(path, lambda one: {**one, "schema": 2, "version": "9.9"} if "format" in one else one)
        with pytest.raises(StateError, match=r"written by a later version of asm-emulator \(9\.9, schema 2; this one"):
            begin(directory)


def test_files_of_somebody_else_are_refused(directory: Path) -> None:
    (path,) = directory.glob("*.snapshot")
    rewritten(path, lambda one: {**one, "format": "something"} if "format" in one else one)
    with pytest.raises(StateError, match="is no state of asm-emulator"):
        begin(directory)


def test_an_earlier_version_is_read_and_written_anew(directory: Path) -> None:
    """The made-up schema 2 calls labels titles; today's files are of schema 1."""
    wanted = values.dump(image_of(directory).state)

    def older(document: Any) -> Any:
        return renamed(document, "label", "title")

    for path in (journal(directory), *directory.glob("*.snapshot")):
        rewritten(path, lambda one: one if "format" in one else older(one))

    def migrate(document: Document) -> Document:
        found: Document = renamed(document, "title", "label")
        return found

    with pytest.raises(StateError, match="--salvage"):
        read(directory)
    store = Store(directory, image_of(None), schema=2, migrations={1: migrate})
    try:
        assert values.dump(store.kept.state) == wanted
        assert generations(directory, "snapshot") == [2]
        for path in (journal(directory), *directory.glob("*.snapshot")):
            header = next(lines.read(path)).document
            assert header is not None and header["schema"] == 2
    finally:
        store.close()
    with pytest.raises(StateError, match="later version"):
        begin(directory)
    again = Store(directory, image_of(None), schema=2, migrations={})
    assert values.dump(again.kept.state) == wanted
    again.close()


def test_a_version_that_nobody_reads_any_more_is_refused(directory: Path) -> None:
    with pytest.raises(StateError, match="has schema 1, which this version of asm-emulator cannot read any more"):
        Store(directory, image_of(None), schema=3, migrations={2: lambda document: document})


def test_migrations_follow_one_another(directory: Path) -> None:
    seen: list[int] = []

    def step(number: int) -> Callable[[Document], Document]:
        def migrate(document: Document) -> Document:
            seen.append(number)
            return document

        return migrate

    Store(directory, image_of(None), schema=3, migrations={1: step(1), 2: step(2)}).close()
    assert seen[:2] == [1, 2] and seen.count(1) == seen.count(2) > 4


def renamed(document: Any, old: str, new: str) -> Any:
    if isinstance(document, dict):
        return {new if key == old else key: renamed(value, old, new) for key, value in document.items()}
    if isinstance(document, list):
        return [renamed(one, old, new) for one in document]
    return document


def image_of(directory: Path | None) -> Image:
    if directory is None:
        return Emulator(pace="manual").engine.image()
    found = read(directory)
    assert found is not None
    return found.image


# -- generations ------------------------------------------------------------------------------------------------------


def test_compacting_goes_on_beside_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the snapshot is written, changes go into the new journal."""
    began, go_on = threading.Event(), threading.Event()

    def rest() -> None:
        began.set()
        assert go_on.wait(30)

    class Small(Store):
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, **more, compact_at=4000, rest=rest)

    monkeypatch.setattr("asm_emulator.durable.Store", Small)
    with begin(tmp_path) as emulator:
        number = 0
        while not began.is_set():
            number += 1
            create(emulator, f"before-{number}")
            assert number < 15
            began.wait(0.05 if number > 3 else 0)
        for more in range(3):
            create(emulator, f"meanwhile-{more}")
        assert generations(tmp_path, "journal") == [1, 2]
        copy = tmp_path.parent / (tmp_path.name + "-copy")
        shutil.copytree(tmp_path, copy)
        wanted = values.dump(emulator.engine.state)
        go_on.set()
        store = emulator.engine.keeper
        assert isinstance(store, Small)
        if store._compacting is not None:
            store._compacting.join()
        assert generations(tmp_path, "journal") == generations(tmp_path, "snapshot") == [2]
    for where in (copy, tmp_path):
        assert values.dump(image_of(where).state) == wanted


def test_ten_thousand_machines_are_back_at_once(tmp_path: Path) -> None:
    """One hundredth of them here, and the cost of each; `make bench-state` has all."""
    estate = {
        "hosted_services": [
            {"name": f"svc-{one}", "location": "West US", "virtual_machines": [{"name": f"vm-{n}"} for n in range(10)]}
            for one in range(10)
        ]
    }
    with begin(tmp_path) as emulator:
        emulator.engine.change(DEFAULT_SUBSCRIPTION, lambda draft: plant(draft, estate, "estate"))
        wanted = values.dump(emulator.engine.state)
    assert values.dump(image_of(tmp_path).state) == wanted


def test_images_are_the_same_again_from_their_documents(tmp_path: Path) -> None:
    with Emulator(pace="manual", certificates=[certificate("areas")]) as emulator:
        before = emulator.engine.image()
        create(emulator, "one")
        Client(
            WSGITransport(emulator.app.wsgi_app, certificate("areas")), emulator.subscription, version=LATEST
        ).create_storage_account(CreateStorageServiceInput(service_name="account", label="l", location="West US"))
        emulator.advance(timedelta(seconds=3))
        after = emulator.engine.image()
        store = Store(tmp_path, before)
        store.append(after, None)
        assert difference(after, after, None) == {}
        assert difference(before, after, None) != {}
        store.close()
        assert values.dump(image_of(tmp_path).state) == values.dump(after.state)
        assert json.loads(json.dumps([settings(after), *pieces(after.state)]))
